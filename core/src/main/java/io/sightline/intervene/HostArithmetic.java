package io.sightline.intervene;

/** Numbers as doubles, vectors in float32 as torch has them. */
final class HostArithmetic implements Evaluator.Arithmetic<Object> {
    static final HostArithmetic INSTANCE = new HostArithmetic();

    private HostArithmetic() {}

    @Override
    public Object of(Object value) {
        return value;
    }

    @Override
    public Object binary(char operator, Object left, Object right) {
        if (left instanceof Double a && right instanceof Double b) {
            return compute(operator, a, b);
        }
        int width = left instanceof float[] vector ? vector.length : ((float[]) right).length;
        float[] result = new float[width];
        for (int i = 0; i < width; i++) {
            result[i] = (float) compute(operator, at(left, i), at(right, i));
        }
        return result;
    }

    private static double at(Object value, int index) {
        return value instanceof float[] vector ? vector[index] : (Double) value;
    }

    static double compute(char operator, double a, double b) {
        return switch (operator) {
            case '+' -> a + b;
            case '-' -> a - b;
            case '*' -> a * b;
            default -> a / b;
        };
    }

    @Override
    public Object norm(Object vector) {
        double squares = 0;
        for (float one : (float[]) vector) {
            squares += (double) one * one;
        }
        return Math.sqrt(squares);
    }
}
