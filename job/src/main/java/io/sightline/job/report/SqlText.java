package io.sightline.job.report;

/** Small pieces of SQL that the questions share. */
final class SqlText {
    private SqlText() {}

    /** A string literal. */
    static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** A column's name. */
    static String identifier(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** An element id for a figure about {@code name}; distinct names that look alike get distinct ids. */
    static String id(String figure, String name) {
        String plain = name.replaceAll("[^A-Za-z0-9_]+", "-");
        return figure + "-" + plain + (plain.equals(name) ? "" : "-" + Integer.toHexString(name.hashCode()));
    }
}
