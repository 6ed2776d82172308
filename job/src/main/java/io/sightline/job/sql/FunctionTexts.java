package io.sightline.job.sql;

/** Sentences that the documentation of several functions shares. */
final class FunctionTexts {
    static final String ONE_VECTOR =
            "* vector - array<float>, array<double> or a float16 binary; no null elements; null gives null\n";
    static final String TWO_VECTORS =
            "* a, b - array<float>, array<double> or a float16 binary; no null elements; null gives null\n";
    static final String PROMOTION = "The result is array<float>, or array<double> when an argument is one.";

    private FunctionTexts() {}
}
