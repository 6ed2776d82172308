package io.sightline.job.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a headless Chromium; skipped where none is installed (scripts/test installs it on Debian as root). */
class ReportPageTest {
    private static final Figure LINES = new Figure(
            "norms",
            "Norm by layer",
            "Median.",
            "out/run",
            "SELECT layer, norm FROM t",
            new Drawing.Lines("layer", "norm", "name", "low", "high", List.of("baseline")),
            List.of("layer", "norm", "name", "low", "high", "baseline"),
            List.of(
                    Arrays.asList(0, 1.5, "resid", 1.0, 2.0, 0.5),
                    Arrays.asList(1, 2.5, "resid", 2.0, 3.0, 0.5),
                    Arrays.asList(2, 4.0, "resid", 3.5, 5.0, 0.5)));
    private static final Figure HEAT = new Figure(
            "heat",
            "Heat",
            "Mean.",
            "out/run",
            "SELECT position, layer, v FROM t",
            new Drawing.HeatMap("position", "layer", "v"),
            List.of("position", "layer", "v"),
            List.of(Arrays.asList(0, 0, 1.0), Arrays.asList(1, 0, 2.0), Arrays.asList(0, 1, 3.0)));
    private static final Figure TABLE = new Figure(
            "similar",
            "Similar",
            "Pairs.",
            "out/run",
            "SELECT 1",
            new Drawing.Table(),
            List.of("prompt", "cosine"),
            List.of(Arrays.asList("</script><b>bold?</b>", 0.25), Arrays.asList(null, "NaN")));

    @TempDir
    Path folder;

    private Pictures browser;
    private Path page;

    @BeforeEach
    void writePage() throws IOException {
        Optional<Pictures> found = Pictures.find();
        assumeTrue(found.isPresent(), "no Chromium installed");
        browser = found.get();
        page = Files.writeString(
                folder.resolve("report.html"),
                ReportPage.html("Run <quickstart>", List.of(Map.entry("model", "a & b")), List.of(LINES, HEAT, TABLE)));
    }

    @Test
    void thePageLoadsNothingFromElsewhereAndItsConsoleStaysEmpty() throws IOException {
        String log = browser.document(page.toUri().toString(), 1280);
        assertThat(log).doesNotContain("CONSOLE");
        String html = Files.readString(page);
        assertThat(html)
                .doesNotContain("src=\"http")
                .doesNotContain("href=\"http")
                .doesNotContain("@{");
    }

    @Test
    void marksAreDrawnForEveryRow() throws IOException {
        String document = browser.document(page.toUri().toString(), 1280);
        assertThat(document).contains("<svg").contains("#2563a8");
        assertThat(document.split("<figure ", -1)).hasSize(4);
        assertThat(document).contains("Run &lt;quickstart&gt;").contains("a &amp; b");
        assertThat(document).contains("&lt;/script&gt;&lt;b&gt;bold?&lt;/b&gt;").doesNotContain("<b>bold?</b>");
    }

    @Test
    void aPictureOfOneFigureShowsItsLineInColour() throws IOException {
        Path png = folder.resolve("norms.png");
        Path heat = folder.resolve("heat.png");
        assertThat(browser.takeFigures(page, List.of("norms", "heat"), folder)).containsExactly(png, heat);
        BufferedImage image = ImageIO.read(png.toFile());
        assertThat(image.getWidth()).isEqualTo(1080);
        // Right of the middle the band is about 1.2 of the axis' 5 units high, of some 240 pixels.
        assertThat(IntStream.range(0, image.getHeight())
                        .filter(y -> distance(image.getRGB(900, y), 0xd8e3ee) < 12)
                        .count())
                .as("pixels of the band in one column")
                .isBetween(45L, 90L);
        assertThat(pixels(image, 0x2563a8)).as("pixels in the line's colour").isGreaterThan(200);
        assertThat(pixels(ImageIO.read(heat.toFile()), 0x2563a8)).isNotEqualTo(pixels(image, 0x2563a8));
    }

    @Test
    void onAPhoneNothingIsWiderThanTheScreen() throws IOException {
        Path png = folder.resolve("phone.png");
        browser.take(page.toUri().toString(), 400, 1600, png);
        BufferedImage image = ImageIO.read(png.toFile());
        assertThat(image.getWidth()).isEqualTo(400);
        // The card's right border is inside the picture: at half height of the first chart some pixel near the edge is
        // page background.
        long background = IntStream.range(0, image.getHeight())
                .filter(y -> (image.getRGB(397, y) & 0xffffff) == 0xf6f7f9)
                .count();
        assertThat(background).isEqualTo(image.getHeight());
    }

    /** Pixels within a small distance of a colour. */
    private static long pixels(BufferedImage image, int color) {
        return IntStream.range(0, image.getWidth() * image.getHeight())
                .filter(i -> distance(image.getRGB(i % image.getWidth(), i / image.getWidth()), color) < 24)
                .count();
    }

    private static int distance(int a, int b) {
        return IntStream.of(0, 8, 16)
                .map(shift -> Math.abs(((a >> shift) & 0xff) - ((b >> shift) & 0xff)))
                .sum();
    }
}
