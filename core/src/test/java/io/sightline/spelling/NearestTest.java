package io.sightline.spelling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    private static final List<String> KNOWN = List.of("softmax", "log_softmax", "sort", "Linear");

    @Test
    void theNameWithTheFewestEditsIsSuggested() {
        assertThat(Nearest.hint("sofmax", KNOWN)).isEqualTo("; did you mean 'softmax'?");
        assertThat(Nearest.to("logsoftmax", KNOWN)).contains("log_softmax");
    }

    @Test
    void letterCaseDoesNotCount() {
        assertThat(Nearest.to("LINEAR", KNOWN)).contains("Linear");
    }

    @Test
    void aNameNearNothingGetsNoSuggestion() {
        assertThat(Nearest.hint("attention", KNOWN)).isEmpty();
        assertThat(Nearest.hint("sort", List.of())).isEmpty();
    }

    @Test
    void anEndlessNameGetsNoSuggestion() {
        assertThat(Nearest.to("s".repeat(1_000_000), KNOWN)).isEmpty();
    }

    @Test
    void amongEquallyNearNamesTheFirstInTheAlphabetIsTaken() {
        assertThat(Nearest.to("h.1", List.of("h.3", "h.2"))).contains("h.2");
    }
}
