package io.sightline.job.table.write;

import io.sightline.job.table.VectorType;
import java.util.Random;

/** Prompts, tokens and vectors that follow from their numbers alone. */
final class Samples {
    private Samples() {}

    static ActivationGroup layer(int layer) {
        return new ActivationGroup("resid", "transformer.h." + layer, layer, "output", VectorType.FLOAT32);
    }

    static PromptRef prompt(int ordinal) {
        return new PromptRef(ordinal, "p" + ordinal);
    }

    /** Prompt {@code ordinal} has {@code 1 + ordinal % 7} tokens. */
    static TokenSpan tokens(int ordinal) {
        int count = 1 + ordinal % 7;
        int[] ids = new int[count];
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) {
            ids[i] = 100 * ordinal + i;
            texts[i] = "Ġt" + i;
        }
        return TokenSpan.of(0, ids, texts);
    }

    /** Row after row; the vector of a row depends on prompt, layer and position. */
    static float[] vectors(int ordinal, int layer, int rows, int width) {
        float[] vectors = new float[rows * width];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(vector(ordinal, layer, row, width), 0, vectors, row * width, width);
        }
        return vectors;
    }

    static float[] vector(int ordinal, int layer, int position, int width) {
        Random random = new Random(ordinal * 1_000_003L + layer * 1009L + position);
        float[] vector = new float[width];
        for (int i = 0; i < width; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    /** All layers' rows of one prompt. */
    static void append(ChunkWriter chunk, int ordinal, int layers, int width) {
        TokenSpan tokens = tokens(ordinal);
        for (int layer = 0; layer < layers; layer++) {
            float[] vectors = vectors(ordinal, layer, tokens.count(), width);
            chunk.activations(layer(layer)).append(prompt(ordinal), 0, tokens, width, vectors, 0);
        }
    }
}
