package io.sightline.torchscript;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** The zip file that {@code torch.jit.save} writes: {@code NAME/data.pkl}, {@code NAME/constants.pkl}, {@code NAME/code/…}, {@code NAME/data/0} … */
final class ScriptArchive implements AutoCloseable {
    /** Pickles and code are read into memory; real ones are a few MB. */
    private static final long LARGEST_TEXT = 64L << 20;

    private static final Pattern PICKLE = Pattern.compile("[^/]+/data\\.pkl");

    private final Path file;
    private final ZipFile zip;
    private final String prefix;

    private ScriptArchive(Path file, ZipFile zip, String prefix) {
        this.file = file;
        this.zip = zip;
        this.prefix = prefix;
    }

    static ScriptArchive open(Path file) {
        ZipFile zip = zip(file);
        try {
            return new ScriptArchive(file, zip, prefix(file, zip));
        } catch (RuntimeException e) {
            close(zip);
            throw e;
        }
    }

    private static ZipFile zip(Path file) {
        try {
            return new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw new IllegalArgumentException(
                    file
                            + " is not a TorchScript archive (it is not a zip file): a checkpoint is opened by its directory,"
                            + " a TorchScript module by the file that torch.jit.save wrote",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static String prefix(Path file, ZipFile zip) {
        String pickle = zip.stream()
                .map(ZipEntry::getName)
                .filter(name -> PICKLE.matcher(name).matches())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(file
                        + " is not a TorchScript archive: it holds no data.pkl; save the model with torch.jit.save"));
        String prefix = pickle.substring(0, pickle.length() - "data.pkl".length());
        if (zip.getEntry(prefix + "constants.pkl") == null) {
            throw new IllegalArgumentException(
                    file
                            + " holds weights (torch.save), not a TorchScript module; open the model's directory with safetensors, or save it with torch.jit.save");
        }
        return prefix;
    }

    /** Names of the source files below {@code code/}, without the prefix. */
    List<String> sources() {
        return zip.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.startsWith(prefix + "code/") && name.endsWith(".py"))
                .map(name -> name.substring((prefix + "code/").length()))
                .toList();
    }

    byte[] bytes(String name) {
        ZipEntry entry = entry(name);
        // The size in the zip's directory is a claim; reading stops at the limit whatever it says.
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes((int) LARGEST_TEXT + 1);
            if (bytes.length > LARGEST_TEXT) {
                throw new IllegalArgumentException(file + ": " + name + " is larger than " + (LARGEST_TEXT >> 20)
                        + " MB, which no real archive is");
            }
            return bytes;
        } catch (IOException e) {
            throw damaged(name, e);
        }
    }

    String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    InputStream stream(String name) {
        try {
            return zip.getInputStream(entry(name));
        } catch (IOException e) {
            throw damaged(name, e);
        }
    }

    /** How many bytes the zip's directory says a part has, -1 where it does not say. */
    long size(String name) {
        return entry(name).getSize();
    }

    IllegalArgumentException damaged(String name, @Nullable Exception cause) {
        String reason = cause == null ? "" : ": " + cause.getMessage();
        return new IllegalArgumentException(file + ": " + name + " is damaged" + reason, cause);
    }

    private ZipEntry entry(String name) {
        ZipEntry entry = zip.getEntry(prefix + name);
        if (entry == null) {
            throw new IllegalArgumentException(file + " lacks its part " + name);
        }
        return entry;
    }

    @Override
    public void close() {
        close(zip);
    }

    private static void close(ZipFile zip) {
        try {
            zip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
