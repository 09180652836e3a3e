package dev.tapline.soak;

import dev.tapline.soak.ExpectedMessages.Remedy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where the copies are looked at: a run goes to its end, and what then differs must have been
/// said. Remedies are applied as messages name them, until all is equal.
final class Stops {
  private static final int MOST_ATTEMPTS = 5;

  private final Source source;
  private final Publication publication;
  private final boolean theirs;
  private final List<Pipeline> pipelines;
  private final Comparison published;
  private final Comparison whole;
  private final Figures figures;

  Stops(
      Source source,
      Publication publication,
      boolean theirs,
      List<Pipeline> pipelines,
      Figures figures) {
    this.source = source;
    this.publication = publication;
    this.theirs = theirs;
    this.pipelines = pipelines;
    this.published = Comparison.published(source, publication);
    this.whole = Comparison.whole(source);
    this.figures = figures;
  }

  /// @param done the steps since the last stop
  void settle(Pipeline pipeline, Copy copy, List<String> done) throws Exception {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      Pipeline.Outcome outcome = pipeline.run("run", "pipeline.yaml");
      Map<String, List<String>> differing = differing(copy, published);
      figures.equal += Tables.ALL.size() - differing.size();
      if (outcome.code() == 0 && differing.isEmpty()) {
        pipeline.forget();
        return;
      }
      List<String> silent = new ArrayList<>();
      Map<String, Set<Remedy>> told = new LinkedHashMap<>();
      for (String table : Tables.ALL) {
        // A run that failed says of all that it does not go on; one that is done must have named
        // the
        // table, in its own words or in those of a run since the last stop.
        Set<Remedy> remedies =
            outcome.code() == 0
                ? ExpectedMessages.naming(pipeline.told(), table)
                : ExpectedMessages.about(outcome.text().lines().toList(), table);
        if (differing.containsKey(table) && remedies.isEmpty()) {
          silent.add(table);
        } else if (differing.containsKey(table) || outcome.code() != 0) {
          told.put(table, remedies);
        }
      }
      Set<Remedy> all = EnumSet.noneOf(Remedy.class);
      told.values().forEach(all::addAll);
      if (!silent.isEmpty()) {
        fail("nothing was said of " + silent, pipeline, outcome, differing, done);
        give(pipeline);
        return;
      }
      if (outcome.code() != 0 && all.isEmpty()) {
        fail("it says nothing that is on the list", pipeline, outcome, differing, done);
        give(pipeline);
        return;
      }
      differing.keySet().forEach(table -> figures.told(table + " " + told.get(table)));
      System.out.printf(
          "    %s: exit code %d, %s differ; told: %s%n",
          pipeline.name(), outcome.code(), differing.keySet(), told);
      apply(pipeline, told, all);
    }
    Pipeline.Outcome last = pipeline.run("run", "pipeline.yaml");
    fail("the remedies do not help", pipeline, last, differing(copy, published), done);
    give(pipeline);
  }

  /// The same of a run of another method: what it has read is the source, and what others find in
  /// their sessions is as before.
  void look(
      Pipeline pipeline, Pipeline.Outcome outcome, Copy copy, Set<String> before, Set<String> after)
      throws Exception {
    Map<String, List<String>> differing = differing(copy, whole);
    if (!before.equals(after)) {
      differing.put("the application's sessions", List.of("were " + before, "are now " + after));
    }
    if (outcome.code() == 0 && differing.isEmpty()) {
      figures.equal += Tables.ALL.size();
    } else if (!before.equals(after) || ExpectedMessages.of(outcome.text()).isEmpty()) {
      fail("not as it was", pipeline, outcome, differing, List.of("a run through a pooler"));
    } else {
      figures.told("pooler " + ExpectedMessages.of(outcome.text()).get());
    }
    pipeline.forget();
  }

  private Map<String, List<String>> differing(Copy copy, Comparison comparison) throws Exception {
    Map<String, List<String>> differing = new LinkedHashMap<>();
    for (String table : Tables.ALL) {
      List<String> differences = comparison.differences(table, copy);
      if (!differences.isEmpty()) {
        differing.put(table, differences);
      }
    }
    return differing;
  }

  private void apply(Pipeline pipeline, Map<String, Set<Remedy>> told, Set<Remedy> all)
      throws Exception {
    if (all.contains(Remedy.DROP_SLOT)) {
      pipeline.run("slots", "drop", "--yes", "pipeline.yaml", "soak_" + pipeline.name());
    }
    if (all.contains(Remedy.PUBLICATION) && theirs) {
      publication.mend();
    }
    if (all.contains(Remedy.IDENTITY)) {
      source.execute("ALTER TABLE identified REPLICA IDENTITY DEFAULT");
      // For another pipeline that was for a while between two looks, which docs/log-based.md says
      // is
      // not noticed by wal2json.
      for (Pipeline other : pipelines) {
        if (other != pipeline) {
          other.run("reset", "--stream", "public.identified", "pipeline.yaml");
        }
      }
    }
    if (all.contains(Remedy.DROP_SLOT) || all.contains(Remedy.RESET_ALL)) {
      pipeline.run("reset", "--all", "pipeline.yaml");
      return;
    }
    for (Map.Entry<String, Set<Remedy>> entry : told.entrySet()) {
      Set<Remedy> rest = EnumSet.copyOf(union(entry.getValue()));
      rest.remove(Remedy.RUN);
      if (!rest.isEmpty()) {
        pipeline.run("reset", "--stream", "public." + entry.getKey(), "pipeline.yaml");
      }
    }
  }

  private static Set<Remedy> union(Set<Remedy> remedies) {
    return remedies.isEmpty() ? EnumSet.of(Remedy.RUN) : remedies;
  }

  private void fail(
      String what,
      Pipeline pipeline,
      Pipeline.Outcome outcome,
      Map<String, List<String>> differing,
      List<String> done) {
    figures.failures++;
    System.out.printf(
        "*** FAILURE %d: %s; pipeline %s, exit code %d%n  steps since the last stop:%n",
        figures.failures, what, pipeline.name(), outcome.code());
    done.forEach(step -> System.out.println("    " + step));
    differing.forEach((table, rows) -> {
      System.out.println("  " + table + ":");
      rows.forEach(row -> System.out.println("      " + row));
    });
    System.out.println("  what was said since then:");
    List<String> told = pipeline.told();
    told.stream()
        .filter(line ->
            line.contains("WARN")
                || line.contains("ERROR")
                || line.contains("stream")
                || line.contains("slot"))
        .skip(Math.max(0, told.size() - 4_000))
        .limit(40)
        .forEach(line -> System.out.println("    " + line));
    if (outcome.code() != 0) {
      System.out.println("  the last run:");
      outcome.text().lines().limit(30).forEach(line -> System.out.println("    " + line));
    }
  }

  // So that the soak goes on from what is right.
  private void give(Pipeline pipeline) throws Exception {
    pipeline.run("slots", "drop", "--yes", "pipeline.yaml", "soak_" + pipeline.name());
    if (theirs) {
      publication.mend();
    }
    source.execute("ALTER TABLE identified REPLICA IDENTITY DEFAULT");
    pipeline.run("reset", "--all", "pipeline.yaml");
    Pipeline.Outcome anew = pipeline.run("run", "pipeline.yaml");
    System.out.printf("  all is copied anew: exit code %d%n", anew.code());
    if (anew.code() != 0) {
      System.out.println(anew.text());
    }
    pipeline.forget();
  }
}
