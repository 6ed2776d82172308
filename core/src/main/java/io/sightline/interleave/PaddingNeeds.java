package io.sightline.interleave;

import org.jspecify.annotations.Nullable;

/**
 * What a graph asks of the padding of a batch so that each prompt gets what it gets alone.
 *
 * @param shortest prompts of fewer tokens would read pads where alone they read nothing: the graph counts this far from the end
 * @param reason why other prompts' lengths may change a prompt's values, in words that name the node and the place; null where it was shown
 *     that they can't
 * @param countsFromFront whether the reason is an index of a token that counts from the padded front
 */
public record PaddingNeeds(int shortest, @Nullable String reason, boolean countsFromFront) {
    /** Whether the graph gives each prompt the same whatever it is padded with. */
    public boolean isIndifferent() {
        return reason == null;
    }
}
