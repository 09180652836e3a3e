package dev.tapline.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Commit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateJournalTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {500, 5_000})
  void aCheckpointOfOneChangeCostsWhatHasChanged(int streams) throws Exception {
    try (FileStateStore store = FileStateStore.open(folder, "shop")) {
      checkpoint(store, log(streams, "0/100", NOON), List.of());
      long whole = Files.size(store.file());
      checkpoint(store, log(streams, "0/200", NOON.plusSeconds(1)), List.of(name(7)));
      long before = Files.size(journal());
      checkpoint(store, log(streams, "0/300", NOON.plusSeconds(2)), List.of(name(7)));

      assertThat(Files.size(store.file())).isEqualTo(whole);
      assertThat(Files.size(journal()) - before).isLessThan(1_000);
      assertThat(FileStateStore.read(store.file(), "shop")).isEqualTo(store.state());
    }
  }

  @Test
  void theJournalBecomesPartOfTheFile() throws Exception {
    PipelineState last;
    try (FileStateStore store = FileStateStore.open(folder, "shop")) {
      checkpoint(store, log(50, "0/100", NOON), List.of());
      long whole = Files.size(store.file());
      int foldings = 0;
      for (int i = 0; i < 300; i++) {
        checkpoint(store, log(50, "0/20" + i, NOON.plusSeconds(i)), List.of(name(1)));
        if (!Files.exists(journal())) {
          foldings++;
        } else {
          assertThat(Files.size(journal())).isLessThan(2 * whole);
        }
      }
      assertThat(foldings).isPositive();
      last = store.state();
    }
    assertThat(journal()).doesNotExist();
    assertThat(FileStateStore.read(folder.resolve("shop.json"), "shop")).isEqualTo(last);
  }

  @Test
  void whoLooksIsShownWhatTheJournalSaysToo() throws Exception {
    try (FileStateStore store = FileStateStore.open(folder, "shop", 100)) {
      checkpoint(store, log(50, "0/100", NOON), List.of());
      checkpoint(store, log(50, "0/2ABC", NOON), List.of(name(1)));
      assertThat(Files.readString(store.file())).as("the journal has it").doesNotContain("0/2ABC");

      assertThat(FileStateStore.json(FileStateStore.read(store.file(), "shop")))
          .contains("0/2ABC")
          .doesNotContain("0/100");
    }
  }

  @Test
  void aSmallStateHasNone() throws Exception {
    try (FileStateStore store = FileStateStore.open(folder, "shop")) {
      checkpoint(store, log(2, "0/100", NOON), List.of());
      checkpoint(store, log(2, "0/200", NOON), List.of());
      assertThat(journal()).doesNotExist();
    }
  }

  /// The kind: whatever is done to a state, a process that dies right after it finds it.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverIsWrittenIsReadBackByTheNextProcess(long seed) throws Exception {
    Random random = new Random(seed);
    try (FileStateStore store = FileStateStore.open(folder, "shop", 100)) {
      for (int step = 0; step < 200; step++) {
        step(store, random);
        assertThat(FileStateStore.read(store.file(), "shop"))
            .as("seed %d, step %d", seed, step)
            .isEqualTo(store.state());
      }
    }
  }

  @Test
  void aProcessThatFindsAJournalGoesOnFromIt() throws Exception {
    FileStateStore dead = FileStateStore.open(folder, "shop", 100);
    checkpoint(dead, log(50, "0/100", NOON), List.of());
    dead.beginCheckpoint(
        new Checkpoint(
            2,
            Map.of(name(3), List.of(new Commit(1, "file"))),
            List.of(),
            positions(log(50, "0/200", NOON))),
        log(50, "0/200", NOON),
        HighWaterMarks.NONE);
    copyAndRelease(dead);

    try (FileStateStore next = FileStateStore.open(folder, "shop", 100)) {
      assertThat(next.state().pending().orElseThrow().number()).isEqualTo(2);
      next.completeCheckpoint();
    }
    PipelineState read = FileStateStore.read(folder.resolve("shop.json"), "shop");
    assertThat(read.checkpoint()).isEqualTo(2);
    assertThat(read.streams().get(name(49)).position()).isEqualTo(Position.of("lsn", "0/200"));
  }

  @Test
  void aLastLineCutShortAnywhereIsAsIfItWereNotThere() throws Exception {
    try (FileStateStore store = FileStateStore.open(folder, "shop", 100)) {
      Map<StreamName, StreamState> states = log(20, "0/100", NOON);
      store.beginCheckpoint(
          new Checkpoint(1, Map.of(), List.of(), positions(states)), states, HighWaterMarks.NONE);
      PipelineState begun = store.state();
      store.completeCheckpoint();
      PipelineState completed = store.state();
      int second = (int) Files.size(journal());
      store.reach(new HighWaterMarks(900, 900));
      byte[] whole = Files.readAllBytes(journal());
      for (int length = 0; length < whole.length; length++) {
        Files.write(journal(), Arrays.copyOf(whole, length));
        assertThat(FileStateStore.read(store.file(), "shop"))
            .as("%d of %d bytes", length, whole.length)
            .isEqualTo(length < second ? begun : completed);
      }
      Files.write(journal(), whole);
      assertThat(FileStateStore.read(store.file(), "shop")).isEqualTo(store.state());
    }
  }

  /// The folder cannot take a file for a while: what was written before stays what is read.
  @Test
  void aWholeThatCouldNotBeWrittenLosesNothingOfTheJournal() throws Exception {
    try (FileStateStore store = FileStateStore.open(folder, "shop", 100)) {
      checkpoint(store, log(20, "0/100", NOON), List.of());
      Path temporary = Files.createDirectory(folder.resolve("shop.json.tmp"));
      for (int i = 0; Files.exists(temporary); i++) {
        PipelineState before = store.state();
        try {
          checkpoint(store, log(20, "0/20" + i, NOON.plusSeconds(i)), List.of(name(1)));
        } catch (IOException e) {
          Files.delete(temporary);
          assertThat(FileStateStore.read(store.file(), "shop")).isEqualTo(store.state());
          assertThat(store.state().checkpoint()).isEqualTo(before.checkpoint());
        }
      }
      store.reach(new HighWaterMarks(900, 900));
      assertThat(FileStateStore.read(store.file(), "shop")).isEqualTo(store.state());
      store.reach(new HighWaterMarks(901, 901));
      assertThat(FileStateStore.read(store.file(), "shop")).isEqualTo(store.state());
    }
  }

  @Test
  void aStateOfManyStreamsIsReadInATimeThatGrowsWithThem() throws Exception {
    try (FileStateStore store = FileStateStore.open(folder, "shop")) {
      checkpoint(store, log(2_000, "0/100", NOON), List.of());
      for (int i = 0; i < 200; i++) {
        checkpoint(store, log(2_000, "0/2" + i, NOON.plusSeconds(i)), List.of(name(1)));
      }
      long began = System.nanoTime();
      PipelineState read = FileStateStore.read(store.file(), "shop");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
      assertThat(read).isEqualTo(store.state());
    }
  }

  @Test
  void aLineThatIsDamagedBeforeTheLastIsRefused() throws Exception {
    try (FileStateStore store = FileStateStore.open(folder, "shop", 100)) {
      checkpoint(store, log(20, "0/100", NOON), List.of());
      store.reach(new HighWaterMarks(900, 900));
      store.reach(new HighWaterMarks(901, 901));
      List<String> lines = new ArrayList<>(Files.readAllLines(journal()));
      lines.set(lines.size() - 2, "{\"checkpoint\":");
      Files.write(journal(), lines);

      assertThatThrownBy(() -> FileStateStore.read(store.file(), "shop"))
          .isInstanceOf(StateException.class)
          .hasMessageContainingAll("shop.json", "its journal", "restore it");
    }
  }

  @Test
  void theJournalOfAnotherFileIsNotApplied() throws Exception {
    Path old = folder.resolve("old.json");
    try (FileStateStore store = FileStateStore.open(folder, "shop", 100)) {
      checkpoint(store, log(20, "0/100", NOON), List.of());
    }
    Files.copy(folder.resolve("shop.json"), old);
    FileStateStore dead = FileStateStore.open(folder, "shop", 100);
    checkpoint(dead, log(20, "0/200", NOON), List.of());
    checkpoint(dead, log(20, "0/300", NOON), List.of());
    copyAndRelease(dead);
    PipelineState backup = StateFormat.read(Files.readAllBytes(old)).state();
    Files.copy(old, folder.resolve("shop.json"), StandardCopyOption.REPLACE_EXISTING);

    try (FileStateStore next = FileStateStore.open(folder, "shop", 100)) {
      assertThat(next.state()).isEqualTo(backup);
      next.reach(new HighWaterMarks(5, 5));
      assertThat(FileStateStore.read(next.file(), "shop")).isEqualTo(next.state());
    }
  }

  @Test
  void withoutItsFileAJournalIsNothing() throws Exception {
    FileStateStore dead = FileStateStore.open(folder, "shop", 100);
    checkpoint(dead, log(20, "0/100", NOON), List.of());
    dead.reach(new HighWaterMarks(5, 5));
    copyAndRelease(dead);
    Files.writeString(journal(), "damaged\ndamaged\ndamaged\n");
    Files.delete(folder.resolve("shop.json"));

    assertThat(FileStateStore.read(folder.resolve("shop.json"), "shop"))
        .isEqualTo(PipelineState.initial("shop"));
  }

  /// As if the process had died: what it would do at its end is undone.
  private void copyAndRelease(FileStateStore store) throws Exception {
    byte[] file = Files.readAllBytes(store.file());
    byte[] journal = Files.readAllBytes(journal());
    store.close();
    Files.write(store.file(), file);
    Files.write(journal(), journal);
  }

  private static void step(FileStateStore store, Random random) throws Exception {
    switch (random.nextInt(8)) {
      case 0 -> store.forget(Set.of(name(random.nextInt(30))));
      case 1 -> store.adopt(store.state().checkpoint() + 1);
      case 2 -> store.reach(new HighWaterMarks(random.nextInt(1_000), random.nextInt(1_000)));
      case 3 -> store.completeCheckpoint();
      default -> {
        Map<StreamName, StreamState> states = new LinkedHashMap<>();
        String lsn = "0/" + random.nextInt(5);
        for (int i = 0; i < 30; i++) {
          if (random.nextInt(10) > 2) {
            StreamState stream =
                stream(
                    name(i),
                    random.nextInt(20) == 0 ? "1/1" : lsn,
                    NOON.plusSeconds(random.nextInt(2)));
            states.put(name(i), random.nextInt(30) == 0 ? keyed(stream) : stream);
          }
        }
        Map<StreamName, Position> positions = positions(states);
        if (random.nextInt(5) == 0) {
          positions.remove(name(3));
        }
        store.beginCheckpoint(
            new Checkpoint(
                store.state().checkpoint() + 1,
                Map.of(name(1), List.of(new Commit(1, "file " + lsn))),
                List.of(new Checkpoint.TableReplacement(name(2), "two", 9)),
                positions),
            states,
            new HighWaterMarks(random.nextInt(1_000), 0));
      }
    }
  }

  private static StreamState keyed(StreamState stream) {
    return stream.at(Position.of(Map.of("lsn", "0/9", "key", "k")), stream.updatedAt());
  }

  private static void checkpoint(
      FileStateStore store, Map<StreamName, StreamState> states, List<StreamName> written)
      throws Exception {
    Map<StreamName, List<Commit>> commits = new TreeMap<>();
    written.forEach(name -> commits.put(name, List.of(new Commit(1, "a staged table"))));
    store.beginCheckpoint(
        new Checkpoint(store.state().checkpoint() + 1, commits, List.of(), positions(states)),
        states,
        HighWaterMarks.NONE);
    store.completeCheckpoint();
  }

  private static Map<StreamName, Position> positions(Map<StreamName, StreamState> states) {
    Map<StreamName, Position> positions = new TreeMap<>();
    states.forEach((name, state) -> positions.put(name, state.position()));
    return positions;
  }

  private static Map<StreamName, StreamState> log(int streams, String lsn, Instant now) {
    Map<StreamName, StreamState> states = new TreeMap<>();
    for (int i = 0; i < streams; i++) {
      states.put(name(i), stream(name(i), lsn, now));
    }
    return states;
  }

  private static StreamState stream(StreamName name, String lsn, Instant now) {
    return new StreamState(name, "LOG_BASED", name.name(), 3, Position.of("lsn", lsn), now);
  }

  private static StreamName name(int number) {
    return new StreamName("shop", "public", "table " + number);
  }

  private Path journal() {
    return folder.resolve("shop.journal");
  }
}
