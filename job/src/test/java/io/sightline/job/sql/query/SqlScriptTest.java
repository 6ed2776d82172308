package io.sightline.job.sql.query;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqlScriptTest {
    @Test
    void statementsEndAtSemicolonsAndTheLastNeedsNone() {
        SqlScript script = SqlScript.parse("SELECT 1;\n  select 2 ;;\nSELECT 3");
        assertThat(script.statements()).containsExactly("SELECT 1", "select 2", "SELECT 3");
        assertThat(script.complete()).isFalse();
        assertThat(SqlScript.parse("SELECT 1; ").complete()).isTrue();
    }

    @Test
    void semicolonsInStringsNamesAndCommentsDoNotCount() {
        String text = "SELECT ';', \"a\\\";b\", `c;d` -- e;f\n, 1 /* g;h */ FROM t;";
        SqlScript script = SqlScript.parse(text);
        assertThat(script.statements()).containsExactly(text.substring(0, text.length() - 1));
        assertThat(script.complete()).isTrue();
    }

    @Test
    void commentsAloneAreNoStatement() {
        assertThat(SqlScript.parse("-- nothing;\n /* here; */ ; ").statements()).isEmpty();
        assertThat(SqlScript.parse("SELECT 1; -- done").complete()).isTrue();
    }

    @Test
    void anOpenStringOrCommentIsNotComplete() {
        assertThat(SqlScript.parse("SELECT 'it; ").complete()).isFalse();
        assertThat(SqlScript.parse("SELECT 'it; ").statements()).containsExactly("SELECT 'it;");
        assertThat(SqlScript.parse("SELECT 1 /* it; ").complete()).isFalse();
        assertThat(SqlScript.parse("SELECT `it; ").complete()).isFalse();
    }

    @Test
    void charactersBeyondTheBasicPlaneDoNotShiftTheCuts() {
        assertThat(SqlScript.parse("SELECT '\uD83D\uDE00\uD83D\uDE00'; SELECT 2;")
                        .statements())
                .containsExactly("SELECT '\uD83D\uDE00\uD83D\uDE00'", "SELECT 2");
    }
}
