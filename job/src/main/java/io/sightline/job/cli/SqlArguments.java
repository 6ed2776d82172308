package io.sightline.job.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the run directories from the query behind them.
 *
 * @param runs at least one
 * @param query null for none
 */
record SqlArguments(List<String> runs, @Nullable String query) {
    /**
     * The last word is the query, unless it is the only one, a directory, or all words are directories because a file has the statements.
     *
     * @throws UsageException for a last word that can be neither
     */
    static SqlArguments of(List<String> words, boolean onlyRuns) {
        String last = words.get(words.size() - 1);
        if (onlyRuns || words.size() == 1 || isDirectory(last)) {
            return new SqlArguments(List.copyOf(words), null);
        }
        if (last.strip().split("\\s").length == 1 && !last.contains(";")) {
            throw new UsageException("'" + last + "' is neither a run directory nor a query;"
                    + " a query is one quoted word, such as \"SELECT * FROM prompts\"");
        }
        return new SqlArguments(List.copyOf(words.subList(0, words.size() - 1)), last);
    }

    private static boolean isDirectory(String word) {
        try {
            return word.matches("[a-z0-9]+://\\S*") || Files.isDirectory(Path.of(word));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
