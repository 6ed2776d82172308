package io.sightline.job.extract;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The shapes that plans came to in this JVM, so that not every task rehearses. */
public final class ResolvedPlans {
    private static final int KEPT = 64;
    private static final Map<String, List<ResolvedCapture>> PLANS = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<ResolvedCapture>> eldest) {
            return size() > KEPT;
        }
    };

    private ResolvedPlans() {}

    /** One task rehearses, while others of this JVM wait. */
    public static List<ResolvedCapture> get(String plan, Supplier<List<ResolvedCapture>> rehearsal) {
        synchronized (PLANS) {
            List<ResolvedCapture> known = PLANS.get(plan);
            if (known == null) {
                known = rehearsal.get();
                PLANS.put(plan, known);
            }
            return known;
        }
    }
}
