package io.sightline.trace;

/** What becomes of {@code position_ids} that an input does not have. */
enum Positions {
    /** None are made up: the model's own default applies, as in nnsight. */
    AS_GIVEN,
    /** They count the tokens that the attention mask shows, so that padding changes nothing. */
    FOLLOW_MASK
}
