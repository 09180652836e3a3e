package dev.tapline.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Commit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStateStoreTest {
  private static final StreamName ORDERS = new StreamName("shop", "public", "Bestell.ungen \"x\"");
  private static final StreamState STATE =
      new StreamState(
          ORDERS,
          "LOG_BASED",
          "public__orders",
          1_795_183_829_282L,
          Position.of(Map.of("lsn", "0/16B3748", "index", "9007199254740993")),
          Instant.parse("2026-11-20T14:12:34.896160Z"));
  private static final Checkpoint CHECKPOINT =
      new Checkpoint(
          1,
          Map.of(ORDERS, List.of(new Commit(2, "{\"from\": \"a.tmp\"}\n"))),
          List.of(new Checkpoint.TableReplacement(ORDERS, "public__orders", 7)),
          Map.of(ORDERS, STATE.position()));

  @TempDir Path folder;

  @Test
  void isReadBackAsItWasWritten() throws Exception {
    try (FileStateStore store = FileStateStore.open(folder, "shop")) {
      store.beginCheckpoint(CHECKPOINT, Map.of(ORDERS, STATE), HighWaterMarks.NONE);

      PipelineState read = FileStateStore.read(store.file(), "shop");

      assertThat(read).isEqualTo(store.state());
      assertThat(read.checkpoint()).isZero();
      assertThat(read.pending()).contains(CHECKPOINT);
      assertThat(read.streams()).containsExactly(Map.entry(ORDERS, STATE));
    }
  }

  @Test
  void isAtTheCheckpointOnceThatIsHandedOver() throws Exception {
    try (FileStateStore store = FileStateStore.open(folder, "shop")) {
      store.beginCheckpoint(CHECKPOINT, Map.of(ORDERS, STATE), HighWaterMarks.NONE);
      store.completeCheckpoint();
    }
    PipelineState read = FileStateStore.read(folder.resolve("shop.json"), "shop");

    assertThat(read.checkpoint()).isEqualTo(1);
    assertThat(read.pending()).isEmpty();
  }

  @Test
  void whatIsOnItsWayOfAForgottenStreamIsGivenUp() throws Exception {
    StreamName items = new StreamName("shop", "public", "items");
    Checkpoint both =
        new Checkpoint(
            1,
            Map.of(
                ORDERS, List.of(new Commit(1, "orders")), items, List.of(new Commit(1, "items"))),
            List.of(
                new Checkpoint.TableReplacement(ORDERS, "public__orders", 7),
                new Checkpoint.TableReplacement(items, "public__items", 7)),
            Map.of(ORDERS, STATE.position(), items, STATE.position()));
    try (FileStateStore store = FileStateStore.open(folder, "shop")) {
      store.beginCheckpoint(both, Map.of(ORDERS, STATE), HighWaterMarks.NONE);
      store.forget(Set.of(ORDERS));
    }
    PipelineState read = FileStateStore.read(folder.resolve("shop.json"), "shop");

    assertThat(read.streams()).isEmpty();
    assertThat(read.pending())
        .contains(
            new Checkpoint(
                1,
                Map.of(items, List.of(new Commit(1, "items"))),
                List.of(new Checkpoint.TableReplacement(items, "public__items", 7)),
                Map.of(items, STATE.position())));
  }

  @Test
  void numbersThatWereGivenStayWhenTheirStreamsAreForgotten() throws Exception {
    try (FileStateStore store = FileStateStore.open(folder, "shop")) {
      store.beginCheckpoint(
          CHECKPOINT, Map.of(ORDERS, STATE), new HighWaterMarks(9, 1_900_000_000_000_000L));
      store.completeCheckpoint();
      store.forget(Set.of(ORDERS));
      store.adopt(7);
      store.reach(new HighWaterMarks(3, 4));
    }
    assertThat(FileStateStore.read(folder.resolve("shop.json"), "shop").highWater())
        .isEqualTo(new HighWaterMarks(STATE.version(), 1_900_000_000_000_000L));
  }

  @Test
  void aFileCutShortAnywhereIsRefused() throws Exception {
    try (FileStateStore store = FileStateStore.open(folder, "shop")) {
      store.beginCheckpoint(CHECKPOINT, Map.of(ORDERS, STATE), HighWaterMarks.NONE);
    }
    Path file = folder.resolve("shop.json");
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> FileStateStore.open(folder, "shop"))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(StateException.class)
          .hasMessageContainingAll("shop.json", "damaged or cut short", "restore it");
    }
  }

  @Test
  void theStateOfAnotherPipelineIsRefused() throws Exception {
    try (FileStateStore store = FileStateStore.open(folder, "crm")) {
      store.adopt(3);
    }
    Files.copy(folder.resolve("crm.json"), folder.resolve("shop.json"));

    assertThatThrownBy(() -> FileStateStore.open(folder, "shop"))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("belongs to pipeline 'crm', not to 'shop'");
  }

  @Test
  void aStateOfALaterVersionIsRefused() throws Exception {
    Files.writeString(folder.resolve("shop.json"), "{\"version\": 99}");

    assertThatThrownBy(() -> FileStateStore.open(folder, "shop"))
        .hasMessageContaining("version 99 is not known");
  }

  @Test
  void isFreeAgainAfterARefusal() throws Exception {
    Files.writeString(folder.resolve("shop.json"), "{");
    assertThatThrownBy(() -> FileStateStore.open(folder, "shop"))
        .isInstanceOf(StateException.class);
    Files.delete(folder.resolve("shop.json"));

    FileStateStore.open(folder, "shop").close();
    FileStateStore.open(folder, "shop").close();
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> FileStateStore.open(file.resolve("state"), "shop"))
        .isInstanceOf(StateException.class)
        .hasMessageContaining(file.resolve("state").toString());
  }
}
