package dev.tapline.files.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.files.DataFile;
import dev.tapline.files.FileForm;
import dev.tapline.files.Staging;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Checkpoint.TableReplacement;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Loads two versions and appends rows to the first, as the engine does, and kills the process
/// before and after every request that changes something.
class CrashAtEveryRequestTest {
  private static final FileForm FORM = new FileForm(false, "text", ".txt", "text");
  private static final Stream ORDERS =
      new Stream(
          new StreamName("shop", "public", "orders"),
          RelationKind.TABLE,
          new Schema(List.of(), List.of()),
          "orders",
          "FULL_TABLE",
          List.of(),
          -1,
          -1);

  /// @param files what is written
  /// @param visible what people see afterwards
  private record Step(
      WriteMode mode, long version, List<String> files, boolean replaces, List<String> visible) {}

  private static final List<Step> STEPS =
      List.of(
          new Step(WriteMode.REPLACE, 1, List.of("a", "b"), false, List.of()),
          new Step(WriteMode.APPEND, 1, List.of("c"), false, List.of()),
          new Step(WriteMode.REPLACE, 1, List.of("d"), true, List.of("a", "b", "c", "d")),
          new Step(WriteMode.APPEND, 1, List.of("e"), false, List.of("a", "b", "c", "d", "e")),
          new Step(WriteMode.REPLACE, 2, List.of("f", "g"), true, List.of("f", "g")),
          new Step(WriteMode.REPLACE, 3, List.of(), true, List.of()),
          new Step(WriteMode.APPEND, 3, List.of("h"), false, List.of("h")));

  /// What the engine keeps in its state file.
  private static final class State {
    int done;
    Optional<Checkpoint> pending = Optional.empty();
  }

  private int names;

  @Test
  void showsOneVersionWholeAndLeavesNothing() throws Exception {
    CrashingStore counting = new CrashingStore(new MemoryStore(), -1);
    run(counting, new State());
    int changes = counting.changes();
    assertThat(changes).isGreaterThan(30);
    for (int at = 0; at < 2 * changes; at++) {
      killed(at);
    }
  }

  private void killed(int at) throws Exception {
    State state = new State();
    try (ObjectStore store = new MemoryStore()) {
      boolean died = false;
      try {
        run(new CrashingStore(store, at), state);
      } catch (CrashingStore.Killed | IOException e) {
        died = true;
      }
      assertThat(died).as("killed at %d", at).isTrue();
      List<String> before = state.done == 0 ? List.of() : STEPS.get(state.done - 1).visible();
      List<String> seen = visible(store);
      if (state.pending.isEmpty()) {
        assertThat(seen).as("killed at %d", at).isEqualTo(before);
      } else if (STEPS.get(state.done).replaces()) {
        assertThat(seen).as("killed at %d", at).isIn(before, STEPS.get(state.done).visible());
      }

      run(store, state);

      assertThat(visible(store)).as("killed at %d", at).containsExactly("h");
      assertThat(store.uploads("")).as("killed at %d", at).isEmpty();
      assertThat(store.list(""))
          .as("killed at %d", at)
          .hasSize(3)
          .contains("lake/.tapline/shop.json", "lake/orders/_current");
    }
  }

  private void run(ObjectStore store, State state) throws Exception {
    ObjectFileStore files =
        new ObjectFileStore(
            store,
            "lake",
            "shop",
            new ObjectFileStore.Options(FORM, List.of(FORM), 5 << 20, false),
            stream -> Optional.empty());
    try (SinkCommitter committer = files.committer()) {
      if (state.pending.isPresent()) {
        commit(committer, state, state.pending.get());
      }
      committer.sweep();
      while (state.done < STEPS.size()) {
        Step step = STEPS.get(state.done);
        WriterContext context = new WriterContext(ORDERS, step.mode(), step.version(), "0");
        try (Staging staging = files.open(context)) {
          for (String content : step.files()) {
            write(staging, content);
          }
          Checkpoint checkpoint =
              new Checkpoint(
                  state.done + 1L,
                  Map.of(ORDERS.name(), staging.prepare()),
                  step.replaces()
                      ? List.of(new TableReplacement(ORDERS.name(), "orders", step.version()))
                      : List.of(),
                  Map.of());
          state.pending = Optional.of(checkpoint);
          commit(committer, state, checkpoint);
        }
      }
    }
  }

  private void write(Staging staging, String content) throws IOException {
    try (DataFile file = staging.begin("part-" + names++ + ".txt")) {
      file.stream().write(content.getBytes(StandardCharsets.US_ASCII));
      file.finish();
    }
  }

  private static void commit(SinkCommitter committer, State state, Checkpoint checkpoint)
      throws Exception {
    committer.commit(checkpoint);
    state.pending = Optional.empty();
    state.done++;
  }

  private static List<String> visible(ObjectStore store) throws IOException {
    List<String> seen = new ArrayList<>();
    Optional<String> pointer = store.read("lake/orders/_current");
    if (pointer.isPresent()) {
      String folder = pointer.get().substring((store.address() + "/").length());
      for (String key : store.list(folder)) {
        seen.add(store.read(key).orElseThrow());
      }
    }
    seen.sort(null);
    return seen;
  }
}
