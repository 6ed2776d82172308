package io.sightline.job.config;

import io.sightline.spelling.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A module path with wildcards: {@code *} stands for any characters of one name, {@code [0-5]} for the numbers 0 to 5, {@code [0,3,5-7]} for
 * a list. {@code transformer.h.*} is every block, and nothing inside them.
 */
public final class ModulePattern {
    private static final Pattern PART = Pattern.compile("\\*|\\[([0-9, -]*)]|[^*\\[]+|\\[");

    private final String spelling;
    private final List<Segment> segments = new ArrayList<>();

    private ModulePattern(String spelling) {
        this.spelling = spelling;
        for (String segment : spelling.split("\\.", -1)) {
            segments.add(Segment.of(segment, spelling));
        }
    }

    /** @throws ConfigException if a range is malformed or a name is empty */
    public static ModulePattern of(String spelling) {
        return new ModulePattern(spelling.startsWith(".") ? spelling.substring(1) : spelling);
    }

    /**
     * The paths that match, in the order given.
     *
     * @throws ConfigException if none does, saying how far the pattern fits and what is there
     */
    public List<String> matching(Collection<String> paths) {
        List<String> found =
                paths.stream().filter(path -> matches(path, segments)).toList();
        if (found.isEmpty()) {
            throw noneOf(paths);
        }
        return found;
    }

    private static boolean matches(String path, List<Segment> segments) {
        String[] names = path.split("\\.", -1);
        if (names.length != segments.size()) {
            return false;
        }
        for (int i = 0; i < names.length; i++) {
            if (!segments.get(i).matches(names[i])) {
                return false;
            }
        }
        return true;
    }

    private ConfigException noneOf(Collection<String> paths) {
        int fits = segments.size();
        Set<String> parents = Set.of();
        while (fits > 0 && parents.isEmpty()) {
            List<Segment> head = segments.subList(0, --fits);
            parents = fits == 0
                    ? Set.of("")
                    : paths.stream().filter(path -> matches(path, head)).collect(Collectors.toSet());
        }
        Set<String> names = new LinkedHashSet<>();
        for (String path : paths) {
            int dot = path.lastIndexOf('.');
            if (!path.isEmpty() && parents.contains(dot < 0 ? "" : path.substring(0, dot))) {
                names.add(path.substring(dot + 1));
            }
        }
        String failing = segments.get(fits).spelling();
        String where = fits == 0 ? "this model" : "'" + head(fits) + "'";
        return new ConfigException("no module matches '" + spelling + "': " + where
                + (names.isEmpty() ? " has no modules inside" : " has " + listed(names))
                + Nearest.hint(failing, names));
    }

    private String head(int size) {
        return segments.subList(0, size).stream().map(Segment::spelling).collect(Collectors.joining("."));
    }

    private static String listed(Set<String> names) {
        boolean numbers = names.size() > 2 && names.stream().allMatch(name -> name.matches("\\d+"));
        if (numbers) {
            return "0 to " + (names.size() - 1);
        }
        return Stream.concat(names.stream().limit(20), names.size() > 20 ? Stream.of("…") : Stream.empty())
                .collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return spelling;
    }

    /** One name of the path: a regular expression whose groups are numbers that must lie in the ranges. */
    private record Segment(String spelling, Pattern pattern, List<List<int[]>> ranges) {
        static Segment of(String segment, String whole) {
            if (segment.isEmpty()) {
                throw new ConfigException(
                        "module '" + whole + "': a path has no empty names; write it as transformer.h.*");
            }
            StringBuilder regex = new StringBuilder();
            List<List<int[]>> ranges = new ArrayList<>();
            Matcher parts = PART.matcher(segment);
            while (parts.find()) {
                String part = parts.group();
                if (part.equals("*")) {
                    regex.append(".*");
                } else if (parts.group(1) != null) {
                    regex.append("(\\d{1,9})");
                    ranges.add(ranges(parts.group(1), whole));
                } else if (part.equals("[")) {
                    throw badRange(whole);
                } else {
                    regex.append(Pattern.quote(part));
                }
            }
            return new Segment(segment, Pattern.compile(regex.toString()), ranges);
        }

        private static List<int[]> ranges(String text, String whole) {
            List<int[]> ranges = new ArrayList<>();
            for (String range : text.split(",", -1)) {
                Matcher bounds = Pattern.compile("\\s*(\\d{1,9})\\s*(?:-\\s*(\\d{1,9})\\s*)?")
                        .matcher(range);
                if (!bounds.matches()) {
                    throw badRange(whole);
                }
                int low = Integer.parseInt(bounds.group(1));
                int high = bounds.group(2) == null ? low : Integer.parseInt(bounds.group(2));
                if (high < low) {
                    throw badRange(whole);
                }
                ranges.add(new int[] {low, high});
            }
            return ranges;
        }

        private static ConfigException badRange(String whole) {
            return new ConfigException("module '" + whole
                    + "': a range is written as [0-5], the lower number first, or as a list such as [0,3,5]");
        }

        boolean matches(String name) {
            Matcher matcher = pattern.matcher(name);
            if (!matcher.matches()) {
                return false;
            }
            for (int i = 0; i < ranges.size(); i++) {
                int number = Integer.parseInt(matcher.group(i + 1));
                if (ranges.get(i).stream().noneMatch(range -> range[0] <= number && number <= range[1])) {
                    return false;
                }
            }
            return true;
        }
    }
}
