package io.sightline.intervene;

import java.util.Arrays;
import java.util.List;

/**
 * Some attention heads, where a vector is their outputs one after the other: the input of an attention's output projection. An edit is computed
 * for the whole vector; these heads' parts take it.
 *
 * @param chosen from 0; negative ones count from the last
 * @param count how many heads the vector has
 */
public record Heads(List<Integer> chosen, int count) {
    public Heads {
        chosen = List.copyOf(chosen);
        for (int head : chosen) {
            if (head >= count || head < -count) {
                throw new IllegalArgumentException(
                        "no head " + head + ": the module has the heads 0 to " + (count - 1));
            }
        }
    }

    /** Whether a vector's entry belongs to one of them. */
    boolean[] mask(int width) {
        if (width % count != 0) {
            throw new IllegalArgumentException("a vector of " + width + " numbers is not made of " + count
                    + " heads; heads are chosen at the input of an attention's output projection");
        }
        boolean[] mask = new boolean[width];
        int size = width / count;
        for (int head : chosen) {
            int first = (head < 0 ? head + count : head) * size;
            Arrays.fill(mask, first, first + size, true);
        }
        return mask;
    }
}
