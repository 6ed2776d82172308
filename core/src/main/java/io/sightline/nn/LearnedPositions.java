package io.sightline.nn;

/** A model with a learned embedding for each position: it can't take a sequence longer than it has positions. */
public interface LearnedPositions {
    long maxPositions();
}
