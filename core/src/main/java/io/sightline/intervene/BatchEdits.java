package io.sightline.intervene;

import io.sightline.engine.Tensor;
import io.sightline.graph.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The interventions of one batch, each row's own: rows may differ in everything, the module included. A row's interventions at one place are applied in
 * their order; what {@code patch} and {@code base} take of another row is what the place had before any of them.
 *
 * @param rows for each row of the batch its interventions, in order
 * @param promptTokens for each row how many tokens its prompt has, without pads
 */
public record BatchEdits(List<List<Intervention>> rows, List<Integer> promptTokens) {
    public static final BatchEdits NONE = new BatchEdits(List.of(), List.of());

    public BatchEdits {
        rows = rows.stream().map(List::copyOf).toList();
        promptTokens = List.copyOf(promptTokens);
        if (rows.size() != promptTokens.size()) {
            throw new IllegalArgumentException(
                    rows.size() + " rows of interventions for " + promptTokens.size() + " prompts");
        }
        for (int row = 0; row < rows.size(); row++) {
            for (Intervention intervention : rows.get(row)) {
                check(intervention, promptTokens.get(row), rows.size());
            }
        }
    }

    /** @throws IllegalArgumentException if the prompt has no such tokens, or the batch no such row */
    private static void check(Intervention intervention, int tokens, int rows) {
        try {
            if (intervention.place().port().isOfAttention()) {
                throw new IllegalArgumentException("interventions change inputs and outputs of modules, not yet what "
                        + "attention looks at; a graph can set it");
            }
            intervention.tokens().of(tokens, tokens);
            if (intervention.edit() instanceof Edit.PatchFrom patch && (patch.row() < 0 || patch.row() >= rows)) {
                throw new IllegalArgumentException("it takes row " + patch.row() + " of a batch of " + rows);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("cannot change " + intervention.place() + ": " + e.getMessage(), e);
        }
    }

    /** The places that some row changes. */
    public Set<Place> places() {
        Set<Place> places = new LinkedHashSet<>();
        rows.forEach(row -> row.forEach(intervention -> places.add(intervention.place())));
        return places;
    }

    /**
     * What goes on from a place.
     *
     * @param value {@code [batch, tokens, …]} or {@code [batch * tokens, …]}, or {@code [1, tokens, …]} for all rows; padded on the left
     * @param call the how many-th call of the module, from 0: the step of a generation
     * @return a new tensor in the current scope
     * @throws IllegalArgumentException naming the place and what does not fit
     */
    public Tensor apply(Place place, int call, Tensor value) {
        List<List<Intervention>> here = rows.stream()
                .map(row -> row.stream()
                        .filter(intervention -> intervention.place().equals(place))
                        .toList())
                .toList();
        int steps = here.stream().mapToInt(List::size).max().orElse(0);
        try {
            PlaceEdits edits = new PlaceEdits(value, promptTokens, call);
            for (int step = 0; step < steps; step++) {
                for (Map<Integer, Intervention> alike : alike(here, step)) {
                    edits.apply(alike);
                }
            }
            return edits.result();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("cannot change " + place + ": " + e.getMessage(), e);
        }
    }

    /** The rows' interventions of one step, in groups of one kind. */
    private static List<Map<Integer, Intervention>> alike(List<List<Intervention>> here, int step) {
        Map<Class<?>, Map<Integer, Intervention>> groups = new LinkedHashMap<>();
        for (int row = 0; row < here.size(); row++) {
            if (step < here.get(row).size()) {
                Intervention intervention = here.get(row).get(step);
                groups.computeIfAbsent(intervention.edit().getClass(), kind -> new LinkedHashMap<>())
                        .put(row, intervention);
            }
        }
        return new ArrayList<>(groups.values());
    }
}
