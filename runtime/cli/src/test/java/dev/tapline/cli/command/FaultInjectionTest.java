package dev.tapline.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.cli.command.InProcess.Result;
import dev.tapline.engine.RunResult;
import dev.tapline.engine.run.EngineFixture;
import dev.tapline.plugins.FaultyPlugins;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.thread.Threads;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// For each call into a plug-in, each class of exception, at the first and at a later call: the run
/// ends soon, with exit code 1 and a sentence that names the plug-in and the call.
class FaultInjectionTest {
  private static final long MOST_SECONDS = 10;
  private static final Map<String, Supplier<Throwable>> FAULTS = new LinkedHashMap<>();

  static {
    FAULTS.put("a bare exception", NullPointerException::new);
    FAULTS.put("an exception", () -> new IllegalStateException("no licence"));
    FAULTS.put("an error", () -> new AssertionError("odd"));
    FAULTS.put("a deep stack", StackOverflowError::new);
    FAULTS.put("a missing class", () -> new NoClassDefFoundError("org/gone/Gone"));
    FAULTS.put("a bare IOException", EOFException::new);
  }

  /// What is asked before there is a pipeline: a descriptor is wrong, and the exit code is 2.
  private static final List<String> BEFORE_A_RUN =
      List.of("Provider.name", "Provider.description", "Provider.config");

  @TempDir Path folder;
  private int runs;

  @Test
  void everyCallOfACopy() throws Exception {
    inject("FULL_TABLE");
  }

  @Test
  void everyCallOfALog() throws Exception {
    inject("LOG_BASED");
  }

  @Test
  void aThreadThatNobodyWaitsFor() throws Exception {
    EngineFixture engine = new EngineFixture(folder);
    engine.method = "LOG_BASED";
    engine.source.table("orders", 10);
    engine.run();
    engine.source.log.trouble =
        (_, _) ->
            Threads.virtual(
                    "keeper",
                    () -> {
                      throw new AssertionError("odd");
                    })
                .start();
    engine.source.log.commit(Map.of("orders", List.of(100L)));

    // Nobody stops it but the thread's end.
    RunResult result = soon(() -> engine.run(ChangeLog.Extent.CONTINUOUS));

    assertThat(result.isSuccess()).isFalse();
    assertThat(result.problems().getFirst()).contains("the thread 'keeper' has died", "odd");
    assertThat(result.streams().getFirst().error().orElseThrow()).contains("'keeper' has died");
  }

  @Test
  void aRowTooLargeForTheSinkEndsItsStreamAlone() throws Exception {
    EngineFixture engine = new EngineFixture(folder);
    engine.method = "LOG_BASED";
    engine.source.table("large", 1).table("small", 1);
    engine.run();
    engine.source.log.commit(Map.of("large", List.of(13L), "small", List.of(1L)));
    engine.source.log.commit(Map.of("small", List.of(2L)));
    engine.destination.tooLarge = 13;

    RunResult result = soon(engine::run);

    assertThat(result.isSuccess()).isFalse();
    assertThat(engine.destination.visible.get("public__small")).containsExactly(0L, 1L, 2L);
    assertThat(result.streams())
        .filteredOn(stream -> stream.error().isPresent())
        .singleElement()
        .satisfies(stream -> {
          assertThat(stream.label()).contains("large");
          assertThat(stream.error().orElseThrow()).contains("do not fit into the heap");
        });
  }

  private void inject(String method) throws Exception {
    FaultyPlugins none = new FaultyPlugins();
    assertThat(run(method, none).code()).isZero();
    List<String> wrong = new ArrayList<>();
    for (String call : new TreeSet<>(none.seen())) {
      if (BEFORE_A_RUN.contains(call) || call.equals("Provider.toString")) {
        continue;
      }
      for (Map.Entry<String, Supplier<Throwable>> fault : FAULTS.entrySet()) {
        for (int turn : turns(none.count(call), fault.getKey())) {
          String said = fault(method, call, turn, fault.getValue());
          if (!said.isEmpty()) {
            wrong.add("%s, call %d, %s: %s".formatted(call, turn, fault.getKey(), said));
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static List<Integer> turns(int calls, String fault) {
    return fault.equals("an error")
        ? new TreeSet<>(List.of(1, Math.max(1, calls / 2), calls)).stream().toList()
        : List.of(1);
  }

  /// What is not as it should be.
  private String fault(String method, String call, int turn, Supplier<Throwable> fault)
      throws Exception {
    FaultyPlugins faults = new FaultyPlugins();
    faults.at(call, turn, fault);
    Result result;
    try {
      result = run(method, faults);
    } catch (TimeoutException e) {
      return "the run hangs";
    } catch (ExecutionException e) {
      return "it leaves the command line: " + e.getCause();
    }
    if (faults.count(call) < turn) {
      return ""; // this run has not come so far
    }
    String said = result.out() + result.err() + report();
    if (result.code() != 1) {
      return "exit code " + result.code() + ": " + said;
    }
    if (said.contains("inside Tapline")) {
      return "blames Tapline: " + said;
    }
    String plugin = call.startsWith("Sink") ? "sink" : "source";
    boolean named = said.contains(plugin + " 'fake', " + call);
    // Both have it.
    boolean either = call.startsWith("Provider.") && said.contains("sink 'fake', " + call);
    return named || either ? "" : "does not say who and where: " + said;
  }

  private Result run(String method, FaultyPlugins faults) throws Exception {
    Path home = Files.createDirectory(folder.resolve(method + runs++));
    EngineFixture engine = new EngineFixture(home);
    engine.source.table("orders", 60).table("items", 20);
    engine.source.log.commit(Map.of("orders", List.of(100L), "items", List.of(101L)));
    engine.source.log.commit(Map.of("orders", List.of(102L)));
    Path file =
        Files.writeString(
            home.resolve("shop.yaml"),
            """
            source: {type: fake}
            method: %s
            streams: [{table: "public.*"}]
            sink: {type: fake}
            engine: {retry-for: 1s}
            """
                .formatted(method));
    last = home;
    return soon(() -> InProcess.run(faults.of(engine), "run", file.toString()));
  }

  private Path last;

  private String report() throws IOException {
    try (var files = Files.walk(last)) {
      StringBuilder all = new StringBuilder();
      for (Path report : files.filter(each -> each.endsWith("report.json")).toList()) {
        all.append(Files.readString(report));
      }
      return all.toString();
    }
  }

  private static <T> T soon(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofPlatform().daemon().name("run").start(task);
    return task.get(MOST_SECONDS, TimeUnit.SECONDS);
  }
}
