package io.sightline.job.sql.query;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/** {@code token(id)}: the token of an id, by the vocabulary of the first run that has one; null where there is none. */
final class TokenFunction {
    private static final Pattern CALL = Pattern.compile("\\btoken\\s*\\(", Pattern.CASE_INSENSITIVE);

    private TokenFunction() {}

    static boolean isCalledBy(String statement) {
        return CALL.matcher(statement).find();
    }

    /** @param runs how many runs the session has */
    static void register(SparkSession spark, int runs) {
        for (int run = 1; run <= runs; run++) {
            String table = "run" + run + ".vocabulary";
            if (spark.catalog().tableExists(table)) {
                HashMap<Long, String> tokens = new HashMap<>();
                for (Row row : spark.table(table).collectAsList()) {
                    tokens.put((long) row.getInt(0), row.getString(1));
                }
                spark.udf()
                        .register(
                                "token",
                                (UDF1<@Nullable Number, @Nullable String>) id -> token(tokens, id),
                                DataTypes.StringType);
                return;
            }
        }
    }

    /** Saved values are floats, so an id may come as one. */
    private static @Nullable String token(Map<Long, String> tokens, @Nullable Number id) {
        return id == null || id.doubleValue() != id.longValue() ? null : tokens.get(id.longValue());
    }
}
