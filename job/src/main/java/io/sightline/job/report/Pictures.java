package io.sightline.job.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Takes PNGs of a page with a Chromium that is installed here, without network. */
final class Pictures {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
    private static final long SECONDS = 120;
    private static final int WIDTH = 1080;
    /** Of one figure, as report.css has it. */
    private static final int HEIGHT = 480;
    /** Chromium draws no window higher than 16,384 pixels. */
    private static final int FIGURES_AT_ONCE = 24;

    private final Path browser;

    private Pictures(Path browser) {
        this.browser = browser;
    }

    /** The browser named by the environment variable CHROMIUM, else the first known one on the PATH. */
    static Optional<Pictures> find() {
        String named = System.getenv("CHROMIUM");
        if (named != null) {
            return Optional.of(new Pictures(Path.of(named)));
        }
        return Stream.of(String.valueOf(System.getenv("PATH")).split(":"))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Pictures::new);
    }

    /** Takes all figures with as few windows as can be, one below the other, and cuts them apart; {@code folder} gets {@code ID.png} of each. */
    List<Path> takeFigures(Path page, List<String> ids, Path folder) throws IOException {
        List<Path> written = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += FIGURES_AT_ONCE) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + FIGURES_AT_ONCE));
            Path sheet = Files.createTempFile("sightline-figures", ".png");
            try {
                take(page.toUri() + "#only=" + String.join(",", some), WIDTH, HEIGHT * some.size(), sheet);
                BufferedImage image = ImageIO.read(sheet.toFile());
                for (int i = 0; i < some.size(); i++) {
                    Path png = folder.resolve(some.get(i) + ".png");
                    ImageIO.write(image.getSubimage(0, i * HEIGHT, WIDTH, HEIGHT), "png", png.toFile());
                    written.add(png);
                }
            } finally {
                Files.delete(sheet);
            }
        }
        return written;
    }

    /** {@code png} shows {@code address} in a window of this size. */
    String take(String address, int width, int height, Path png) throws IOException {
        String log =
                run(List.of("--screenshot=" + png.toAbsolutePath(), "--window-size=" + width + "," + height), address);
        if (!Files.exists(png) || Files.size(png) == 0) {
            throw new IOException(browser + " made no picture of " + address + ": "
                    + log.lines().findFirst().orElse(""));
        }
        return log;
    }

    /** The page's HTML after its scripts ran. */
    String document(String address, int width) throws IOException {
        return run(List.of("--dump-dom", "--window-size=" + width + ",900"), address);
    }

    /** What the browser printed, its console included. */
    private String run(List<String> options, String address) throws IOException {
        Path profile = Files.createTempDirectory("sightline-chromium");
        Path output = Files.createTempFile(profile, "output", ".txt");
        List<String> command = new ArrayList<>(List.of(
                browser.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--hide-scrollbars",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--enable-logging=stderr",
                "--virtual-time-budget=10000",
                "--user-data-dir=" + profile));
        command.addAll(options);
        command.add(address);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(browser + " did not finish within " + SECONDS + " s");
            }
            return Files.readString(output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + browser + " drew a picture");
        } finally {
            delete(profile);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
