package io.sightline.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive that holds one module without attributes, from the source of its methods.
 *
 * <p>Format: the zip that {@code torch.jit.save} writes (torch/csrc/jit/serialization), reduced to what its loader asks for:
 * {@code data.pkl} (pickle protocol 2), {@code code/__torch__.py}, {@code constants.pkl} and {@code version}.
 */
final class TorchScriptArchive {
    /** An object of class {@code __torch__.K} built from an empty attribute dict. */
    private static final byte[] DATA =
            concat(new byte[] {(byte) 0x80, 2}, "c__torch__\nK\n".getBytes(StandardCharsets.US_ASCII), new byte[] {
                ')', (byte) 0x81, '}', 'b', '.'
            });

    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};
    private static final byte[] VERSION = "10\n".getBytes(StandardCharsets.US_ASCII);

    private TorchScriptArchive() {}

    /** @param methods lines of the class body, each method indented by two spaces */
    static byte[] write(String methods) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "archive/data.pkl", DATA);
            store(zip, "archive/code/__torch__.py", ("class K(Module):\n" + methods).getBytes(StandardCharsets.UTF_8));
            store(zip, "archive/constants.pkl", NO_CONSTANTS);
            store(zip, "archive/version", VERSION);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The loader maps entries in place, so they are stored, not deflated. */
    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
