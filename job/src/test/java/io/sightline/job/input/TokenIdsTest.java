package io.sightline.job.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TokenIdsTest {
    @Test
    void aStringOfNumbersIsAListOfIds() throws BadPromptException {
        assertThat(TokenIds.read("[1, 2,3]", 10)).containsExactly(1, 2, 3);
        assertThat(TokenIds.read("4 5", 10)).containsExactly(4, 5);
    }

    @Test
    void whatIsNoIdIsNamedWithItsPlace() {
        assertThatThrownBy(() -> TokenIds.read("1,10", 10))
                .hasMessage("token id 10 in input_ids[1]; this model has ids 0 to 9");
        assertThatThrownBy(() -> TokenIds.read("-1", 10)).hasMessageStartingWith("token id -1 in input_ids[0]; this");
        assertThatThrownBy(() -> TokenIds.read("1.5", 10)).hasMessageStartingWith("token id 1.5 in input_ids[0]; this");
        assertThatThrownBy(() -> TokenIds.read("[]", 10)).hasMessage("input_ids is empty");
        assertThatThrownBy(() -> TokenIds.read(null, 10)).hasMessage("input_ids is null");
    }
}
