package io.sightline.job.run;

import java.io.Serializable;

/**
 * What one chunk would come to.
 *
 * @param rows rows of each resolved capture
 * @param rawBytes numbers of all captures, uncompressed
 * @param sampledPrompts how many of the prompts were put through the model and written; 0 in most chunks
 * @param sampledRawBytes their captured numbers, uncompressed
 * @param sampledActivationBytes on disk
 * @param sampledOtherBytes of the other tables, on disk
 */
record ForecastPart(
        long prompts,
        long errors,
        long tokens,
        long batches,
        long[] rows,
        long rawBytes,
        long sampledPrompts,
        long sampledRawBytes,
        long sampledActivationBytes,
        long sampledOtherBytes)
        implements Serializable {}
