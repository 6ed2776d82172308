package io.sightline.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ModulePatternTest {
    private static final List<String> PATHS =
            List.of("", "h", "h.0", "h.0.mlp", "h.1", "h.1.mlp", "h.2", "h.2.mlp", "h.10", "h.10.mlp", "ln_f");

    @Test
    void aStarIsOneNameAndNothingInsideIt() {
        assertThat(ModulePattern.of("h.*").matching(PATHS)).containsExactly("h.0", "h.1", "h.2", "h.10");
        assertThat(ModulePattern.of(".h.*.mlp").matching(PATHS))
                .containsExactly("h.0.mlp", "h.1.mlp", "h.2.mlp", "h.10.mlp");
    }

    @Test
    void rangesAndListsAreNumbers() {
        assertThat(ModulePattern.of("h.[1-10]").matching(PATHS)).containsExactly("h.1", "h.2", "h.10");
        assertThat(ModulePattern.of("h.[0,2]").matching(PATHS)).containsExactly("h.0", "h.2");
    }

    @Test
    void aPatternThatFitsNothingSaysHowFarItFits() {
        assertThatThrownBy(() -> ModulePattern.of("h.12").matching(PATHS))
                .isInstanceOf(ConfigException.class)
                .hasMessage("no module matches 'h.12': 'h' has 0 to 3; did you mean '1'?");
        assertThatThrownBy(() -> ModulePattern.of("h.*.mpl").matching(PATHS))
                .hasMessageEndingWith("'h.*' has mlp; did you mean 'mlp'?");
        assertThatThrownBy(() -> ModulePattern.of("h.[3-1]").matching(PATHS))
                .hasMessageContaining("the lower number first");
    }
}
