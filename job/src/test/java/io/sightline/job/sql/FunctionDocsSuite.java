package io.sightline.job.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

public class FunctionDocsSuite extends JUnitSuite {
    private static LocalSpark spark;

    @BeforeAll
    static void start() {
        spark = LocalSpark.start();
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @Test
    void everyFunctionIsRegisteredUnderItsIssuesName() {
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "dot",
                        "cosine_similarity",
                        "l2_norm",
                        "l2_distance",
                        "vector_add",
                        "vector_sub",
                        "vector_scale",
                        "vector_slice",
                        "top_k_indices",
                        "f16_decode",
                        "vector_mean",
                        "vector_sum",
                        "vector_variance",
                        "vector_covariance",
                        "vector_covariance_diagonal");
        assertThat(column("SHOW FUNCTIONS")).containsAll(names());
    }

    @Test
    void describeFunctionExtendedShowsUsageArgumentsAndExamples() {
        for (String name : names()) {
            assertThat(String.join("\n", column("DESCRIBE FUNCTION EXTENDED " + name)))
                    .as(name)
                    .contains(
                            "Function: " + name,
                            "Usage: " + name + "(",
                            "Arguments:",
                            "Examples:",
                            "> SELECT " + name + "(")
                    .doesNotContain("_FUNC_");
        }
    }

    @Test
    void everyExampleGivesWhatItSays() {
        for (String name : names()) {
            List<String> lines = String.join("\n", column("DESCRIBE FUNCTION EXTENDED " + name))
                    .lines()
                    .map(String::strip)
                    .toList();
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).startsWith("> ")) {
                    String query = lines.get(i).substring(2).replace(";", "");
                    assertThat(shown(query)).as(query).isEqualTo(lines.get(i + 1));
                }
            }
        }
    }

    @Test
    void theCatalogListsTheSameFunctions() throws Exception {
        VectorCatalog catalog = new VectorCatalog();
        assertThat(Stream.of(catalog.listFunctions(new String[] {"vectors"})).map(identifier -> identifier.name()))
                .containsExactlyElementsOf(names());
        for (var identifier : catalog.listFunctions(new String[0])) {
            assertThat(catalog.loadFunction(identifier).description()).startsWith(identifier.name() + "(");
        }
    }

    private static List<String> names() {
        return Stream.concat(
                        Stream.of(VectorFunction.values()).map(VectorFunction::sqlName),
                        Stream.of(VectorStatistic.values()).map(VectorStatistic::sqlName))
                .toList();
    }

    private static String shown(String query) {
        Dataset<Row> result = spark.session().sql(query);
        return result.collectAsList().get(0).json().replaceAll("^\\{.*\":|}$", "");
    }

    private static List<String> column(String query) {
        return spark.session().sql(query).collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }
}
