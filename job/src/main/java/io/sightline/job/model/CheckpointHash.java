package io.sightline.job.model;

import io.sightline.job.input.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Content hashes of a checkpoint directory: names and bytes of the files that matter, so that a copy elsewhere has the same. */
public final class CheckpointHash {
    private static final Pattern MODEL =
            Pattern.compile("config\\.json|model\\.json|generation_config\\.json|.*\\.safetensors(\\.index\\.json)?");
    private static final Pattern TOKENIZER = Pattern.compile(
            "tokenizer.*\\.json|special_tokens_map\\.json|added_tokens\\.json|vocab\\.(json|txt)|merges\\.txt");

    private CheckpointHash() {}

    public static String ofModel(Path directory) {
        return of(directory, MODEL.asMatchPredicate());
    }

    /** {@code none} where there is no tokenizer. */
    public static String ofTokenizer(Path directory) {
        return of(directory, TOKENIZER.asMatchPredicate());
    }

    private static String of(Path directory, Predicate<String> matters) {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> files = entries.filter(
                            file -> matters.test(file.getFileName().toString()))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                return "none";
            }
            StringBuilder all = new StringBuilder();
            for (Path file : files) {
                all.append(file.getFileName()).append('\n').append(hash(file)).append('\n');
            }
            return Sha256.of(all.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }

    private static String hash(Path file) throws IOException {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[1 << 20];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
