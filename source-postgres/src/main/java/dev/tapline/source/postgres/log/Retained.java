package dev.tapline.source.postgres.log;

import dev.tapline.source.postgres.log.facts.StreamFacts;
import dev.tapline.source.postgres.log.publication.Narrowing;
import dev.tapline.spi.catalog.StreamName;
import java.util.List;
import java.util.Map;

/// What is known of a database's log once it is made sure of.
///
/// @param slot the slot's name
/// @param plugin its output plug-in
/// @param publications the publications to read, where the plug-in knows them
/// @param start where the log begins for streams that are new
/// @param narrowings what of a stream does not come through the log
/// @param facts what the position of each stream rests on
record Retained(
    String slot,
    String plugin,
    List<String> publications,
    long start,
    Map<StreamName, Narrowing> narrowings,
    Map<StreamName, StreamFacts> facts) {

  /// Copies the collections.
  Retained {
    publications = List.copyOf(publications);
    narrowings = Map.copyOf(narrowings);
    facts = Map.copyOf(facts);
  }
}
