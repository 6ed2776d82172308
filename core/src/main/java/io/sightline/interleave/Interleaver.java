package io.sightline.interleave;
import io.sightline.engine.*; import io.sightline.graph.*; import io.sightline.nn.*; import java.util.*;
public final class Interleaver {
  private final RunnableModel model; private Interleaver(RunnableModel m) { model = m; }
  public static Interleaver of(Block b, RunnableModel m) { return new Interleaver(m); }
  public Results run(PreparedBatch batch, List<Capture> captures) {
    Map<String, io.sightline.nn.Module> all = model.module().namedModules(); List<HookHandle> hooks = new ArrayList<>();
    try (Scope s = Scope.open()) {
      for (Capture c : captures) {
        if (c.place().port() == Port.OUTPUT) hooks.add(all.get(c.place().path()).registerForwardHook((m, a, o) -> { c.sink().accept(first(o), 0); return o; }));
        else hooks.add(all.get(c.place().path()).registerForwardPreHook((m, a) -> { c.sink().accept(first(a.positional().isEmpty() ? a.keywords().values().iterator().next() : a.positional().get(0)), 0); return null; }));
      }
      model.execute(batch, Map.of());
    } finally { hooks.forEach(HookHandle::close); }
    return new Results();
  }
  static Tensor first(Object o) { return o instanceof Tensor t ? t : o instanceof Map<?,?> m ? first(m.values().iterator().next()) : first(((List<?>) o).get(0)); }
}
