package io.sightline.job.sql.query;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.UpperCaseCharStream;

/**
 * Text cut into statements at its semicolons, by Spark's own lexer: one in a string, a quoted name or a comment does not count.
 *
 * @param statements without their semicolons, and without those that are nothing but blanks and comments
 * @param complete whether the last statement has its semicolon
 */
public record SqlScript(List<String> statements, boolean complete) {
    public SqlScript {
        statements = List.copyOf(statements);
    }

    public static SqlScript parse(String text) {
        return new Cutter(text).cut();
    }

    private static final class Cutter {
        private final String text;
        private final SqlBaseLexer lexer;
        private final List<String> statements = new ArrayList<>();
        private int start;
        private boolean substance;

        Cutter(String text) {
            this.text = text;
            this.lexer = new SqlBaseLexer(new UpperCaseCharStream(CharStreams.fromString(text)));
            lexer.removeErrorListeners();
        }

        SqlScript cut() {
            Token token = lexer.nextToken();
            while (token.getType() != Token.EOF && !opensAString(token)) {
                take(token);
                token = lexer.nextToken();
            }
            boolean open = token.getType() != Token.EOF || lexer.has_unclosed_bracketed_comment;
            boolean complete = !open && !substance && !statements.isEmpty();
            substance |= open;
            finish(text.length());
            return new SqlScript(statements, complete);
        }

        private void take(Token token) {
            if (token.getChannel() != Token.DEFAULT_CHANNEL) {
                return;
            }
            if (token.getText().equals(";")) {
                finish(text.offsetByCodePoints(0, token.getStartIndex()));
                start = text.offsetByCodePoints(0, token.getStopIndex() + 1);
            } else {
                substance = true;
            }
        }

        private void finish(int end) {
            if (substance) {
                statements.add(text.substring(start, end).strip());
            }
            substance = false;
        }

        /** A quote that is never closed is a token of its own, which the lexer does not know. */
        private static boolean opensAString(Token token) {
            return token.getText().length() == 1 && "'\"`".contains(token.getText());
        }
    }
}
