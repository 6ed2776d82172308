package io.sightline.job.cli;

import io.sightline.job.sql.query.SqlScript;
import java.util.Set;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;

/** Asks for another line until the statement has its semicolon; the shell's own words need none. */
final class StatementParser implements Parser {
    private final Set<String> commands;
    private final DefaultParser words =
            new DefaultParser().quoteChars(new char[0]).escapeChars(new char[0]);

    StatementParser(Set<String> commands) {
        this.commands = commands;
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        boolean accepted = context == ParseContext.ACCEPT_LINE || context == ParseContext.UNSPECIFIED;
        if (accepted
                && !line.isBlank()
                && !commands.contains(line.strip())
                && !SqlScript.parse(line).complete()) {
            throw new EOFError(-1, -1, "the statement has no semicolon yet");
        }
        return words.parse(line, cursor, ParseContext.COMPLETE);
    }
}
