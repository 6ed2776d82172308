package io.sightline.job.run;

/** This build's version. */
public final class Version {
    public static final String SIGHTLINE = of(Version.class);

    private Version() {}

    private static String of(Class<?> type) {
        String version = type.getPackage().getImplementationVersion();
        return version == null ? "0.1.0-SNAPSHOT" : version;
    }
}
