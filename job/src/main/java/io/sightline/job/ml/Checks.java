package io.sightline.job.ml;

import java.io.Serializable;
import java.util.function.Predicate;
import scala.Function1;

/** Validators for parameters; {@code ParamValidators} has those for numbers and choices. */
final class Checks {
    private Checks() {}

    static Function1<String, Object> text(Predicate<String> condition) {
        return (Function1<String, Object> & Serializable) condition::test;
    }

    static Function1<String, Object> notBlank() {
        return text(value -> !value.isBlank());
    }

    /** At least one, none of them blank, no two equal. */
    static Function1<String[], Object> names() {
        return (Function1<String[], Object> & Serializable) names -> names.length > 0
                && java.util.Arrays.stream(names).noneMatch(String::isBlank)
                && java.util.Arrays.stream(names).distinct().count() == names.length;
    }
}
