package io.sightline.job.table.write;

import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/** Prompts' tokens in UTF-8, encoded once for all groups that share the array. */
final class TokenTexts {
    private final Map<@Nullable String[], @Nullable Binary[]> encoded = new IdentityHashMap<>();

    @Nullable
    Binary @Nullable [] of(TokenSpan tokens) {
        return tokens.texts() == null ? null : encoded.computeIfAbsent(tokens.texts(), TokenTexts::encode);
    }

    private static @Nullable Binary[] encode(@Nullable String[] texts) {
        @Nullable Binary[] binaries = new Binary[texts.length];
        for (int i = 0; i < texts.length; i++) {
            String text = texts[i];
            binaries[i] = text == null ? null : Binary.fromString(text);
        }
        return binaries;
    }
}
