package io.sightline.intervene;

import io.sightline.graph.Place;
import org.jspecify.annotations.Nullable;

/**
 * A change of one row's activations at one place.
 *
 * @param place the module's input or output; of a tuple its first tensor is changed
 * @param tokens which of the row's tokens
 * @param heads the attention heads whose part alone is changed; null for the whole vector
 */
public record Intervention(
        Place place, TokenSelection tokens, @Nullable Heads heads, Edit edit) {
    public Intervention(Place place, TokenSelection tokens, Edit edit) {
        this(place, tokens, null, edit);
    }
}
