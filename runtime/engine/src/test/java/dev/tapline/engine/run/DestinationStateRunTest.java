package dev.tapline.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.engine.RefusedException;
import dev.tapline.engine.StreamProgress;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.SinkState;
import dev.tapline.spi.source.ChangeLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the engine does where the destination keeps the state.
class DestinationStateRunTest {
  @TempDir Path folder;
  private EngineFixture engine;
  private FakeLog log;

  @BeforeEach
  void setUp() {
    engine = new EngineFixture(folder);
    engine.method = "LOG_BASED";
    engine.destination.keepsState = true;
    engine.source.table("a", 2).table("b", 1);
    log = engine.source.log;
  }

  private Position at(String table) {
    return at(engine.destination.handed.getLast(), table);
  }

  private static Position at(SinkState state, String table) {
    SinkState.Entry place = state.streams().get(FakeSource.name(table));
    assertThat(place).as("%s in %s", table, state).isNotNull();
    return place.position();
  }

  private List<Long> acknowledged() {
    List<Long> lsns =
        log.confirmed.stream()
            .flatMap(positions -> positions.values().stream())
            .map(position -> Long.valueOf(position.entries().get("lsn")))
            .toList();
    log.confirmed.clear();
    return lsns;
  }

  @Test
  void theLogIsLetGoOnlyUpToWhatTheDestinationHasGivenBack() throws Exception {
    engine.run();
    acknowledged();
    SinkState first = engine.destination.handed.getLast();
    log.commit(Map.of("a", List.of(4L), "b", List.of(5L)));
    log.commit(Map.of("a", List.of(6L)));
    engine.destination.given = first;

    engine.run();

    assertThat(at("a")).isEqualTo(FakeLog.at(log.end()));
    assertThat(acknowledged())
        .isNotEmpty()
        .containsOnly(Long.valueOf(at(first, "a").entries().get("lsn")));
    // The target has died: what it was sent counts for nothing, and comes again.
    long sent = engine.progress.stream().mapToLong(StreamProgress::rows).sum();
    engine.run();
    assertThat(engine.progress.stream().mapToLong(StreamProgress::rows).sum())
        .isEqualTo(sent)
        .isEqualTo(3);
  }

  @Test
  void whatIsCopiedInTheRunIsNotLetGoOf() throws Exception {
    engine.run();
    engine.destination.given = engine.destination.handed.getLast();
    long given = log.end();
    acknowledged();
    log.commit(Map.of("a", List.of(4L)));
    // b is truncated while the log is read, and copied anew; then the log is read a second time.
    log.outdated.add(FakeSource.name("b"));
    log.commit(Map.of("b", List.of(5L)));

    engine.run();

    assertThat(log.openedReads).hasSizeGreaterThan(2);
    assertThat(acknowledged()).isNotEmpty().containsOnly(given);
    assertThat(at("a")).isEqualTo(FakeLog.at(log.end()));
    assertThat(at("b")).isEqualTo(FakeLog.at(log.end()));
  }

  // The target may have died, and then the same state is given once more.
  @Test
  void aRunThatCopiesAllOfALogLetsGoOfNothingBeyondWhatWasGiven() throws Exception {
    engine.run();
    long first = log.end();
    engine.destination.given = engine.destination.handed.getLast();
    log.commit(Map.of("a", List.of(4L)));
    log.remade.put(FakeSource.name("a"), "it was not published");
    log.remade.put(FakeSource.name("b"), "it was not published");
    acknowledged();

    engine.run();

    assertThat(acknowledged()).allMatch(lsn -> lsn <= first);
    engine.destination.given = SinkState.NONE;
    engine.run();
    assertThat(acknowledged()).isEmpty();
  }

  @Test
  void everyStateHasAllStreams() throws Exception {
    engine.run();
    engine.destination.given = engine.destination.handed.getLast();
    engine.destination.handed.clear();
    log.commit(Map.of("a", List.of(4L)));

    engine.run(ChangeLog.Extent.UNTIL_NOW, "public.a");

    assertThat(engine.destination.handed)
        .isNotEmpty()
        .allSatisfy(state ->
            assertThat(state.streams())
                .containsOnlyKeys(FakeSource.name("a"), FakeSource.name("b")));
    assertThat(at("b")).isEqualTo(at(engine.destination.given, "b"));
  }

  @Test
  void aRunWithoutNewsHandsOverWhatItWasGiven() throws Exception {
    engine.run();
    engine.destination.given = engine.destination.handed.getLast();
    engine.destination.handed.clear();

    engine.run();

    assertThat(engine.destination.handed)
        .extracting(SinkState::streams)
        .containsExactly(engine.destination.given.streams());
  }

  @Test
  void taplineKeepsNoStateOfItsOwn() throws Exception {
    engine.run();
    assertThat(folder.resolve("state/shop.json")).doesNotExist();
  }

  @Test
  void aStateThatTaplineHasKeptBeforeDoesNotCount() throws Exception {
    engine.destination.keepsState = false;
    engine.run();
    byte[] before = Files.readAllBytes(folder.resolve("state/shop.json"));
    engine.destination.keepsState = true;

    engine.run();

    assertThat(engine.progress).allSatisfy(stream -> assertThat(stream.rows()).isPositive());
    assertThat(folder.resolve("state/shop.json")).hasBinaryContent(before);
  }

  @Test
  void versionsAndTimesGoOnFromWhatWasGivenBack() throws Exception {
    engine.method = "FULL_TABLE";
    engine.destination.given = new SinkState(Map.of(), 9_000_000_000_000L, 9_000_000_000_000_000L);

    engine.run();

    SinkState state = engine.destination.handed.getLast();
    assertThat(state.version()).isGreaterThan(9_000_000_000_000L);
    assertThat(state.time()).isGreaterThan(9_000_000_000_000_000L);
  }

  @Test
  void aLogIsNotFollowedWithoutAnEnd() {
    assertThatThrownBy(() -> engine.run(ChangeLog.Extent.CONTINUOUS))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("--continuous");
    assertThat(log.retained).isEmpty();
  }

  // A target that is sent some streams only gives back the places of all; nothing is held for one
  // of a log that is not selected any more.
  @Test
  void onlyAPlaceInALogIsForgottenWithItsStream() throws Exception {
    StreamName a = FakeSource.name("a");
    StreamName b = FakeSource.name("b");
    Position place = FakeLog.at(100);
    engine.entries = List.of(EngineFixture.entry("public.c", ""));
    engine.source.table("c", 1);
    engine.destination.given =
        new SinkState(
            Map.of(
                a, new SinkState.Entry("LOG_BASED", "public__a", 1, place),
                b, new SinkState.Entry("FULL_TABLE", "public__b", 1, place)),
            1,
            1);

    engine.run();

    assertThat(engine.destination.handed.getLast().streams())
        .containsOnlyKeys(b, FakeSource.name("c"));
  }
}
