package io.sightline.job.table.write;

import java.util.Locale;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** {@code output.compression}: the codecs every Parquet reader has. */
public enum Compression {
    ZSTD(CompressionCodecName.ZSTD),
    SNAPPY(CompressionCodecName.SNAPPY),
    GZIP(CompressionCodecName.GZIP),
    UNCOMPRESSED(CompressionCodecName.UNCOMPRESSED);

    private final CompressionCodecName codec;

    Compression(CompressionCodecName codec) {
        this.codec = codec;
    }

    CompressionCodecName codec() {
        return codec;
    }

    /** The codec called {@code name}, in any case; {@code none} is {@code uncompressed}. */
    public static Compression of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (Compression compression : values()) {
            if (compression.name().toLowerCase(Locale.ROOT).equals(lower)) {
                return compression;
            }
        }
        if (lower.equals("none")) {
            return UNCOMPRESSED;
        }
        throw new IllegalArgumentException(
                "output.compression: '" + name + "' is none of zstd, snappy, gzip, uncompressed (or none)");
    }
}
