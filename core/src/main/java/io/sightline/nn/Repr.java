package io.sightline.nn;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** The layout of torch's {@code Module.__repr__} (torch/nn/modules/module.py). */
public final class Repr {
    private Repr() {}

    static String body(String extra, List<String> childLines) {
        List<String> lines = new ArrayList<>();
        if (!extra.isEmpty()) {
            lines.addAll(extra.lines().toList());
        }
        if (lines.size() == 1 && childLines.isEmpty()) {
            return lines.get(0);
        }
        lines.addAll(childLines);
        return lines.isEmpty() ? "" : "\n  " + String.join("\n  ", lines) + "\n";
    }

    /** All lines but the first moved right by two. */
    static String indent(String text) {
        return text.replace("\n", "\n  ");
    }

    /** Python's True and False. */
    public static String bool(boolean value) {
        return value ? "True" : "False";
    }

    /** Python's shortest form of a float: {@code 1e-05}, {@code 0.1}, {@code 1e-12}. */
    public static String number(double value) {
        double magnitude = Math.abs(value);
        if (magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
            String java = Double.toString(value);
            int e = java.indexOf('E');
            String mantissa = java.substring(0, e);
            int exponent = Integer.parseInt(java.substring(e + 1));
            String plain = mantissa.endsWith(".0") ? mantissa.substring(0, mantissa.length() - 2) : mantissa;
            return plain + (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
        }
        if (magnitude == 0) {
            return "0.0";
        }
        String plain =
                new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
        return plain.contains(".") ? plain : plain + ".0";
    }
}
