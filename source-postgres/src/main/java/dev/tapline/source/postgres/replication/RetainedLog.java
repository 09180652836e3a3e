package dev.tapline.source.postgres.replication;

import dev.tapline.source.postgres.replication.facts.StreamFacts;
import dev.tapline.source.postgres.replication.publication.PublishedSubset;
import dev.tapline.spi.catalog.StreamName;
import java.util.List;
import java.util.Map;

/// What is known about a database's log once the server is certain to keep it.
///
/// @param slot the slot's name
/// @param plugin its output plug-in
/// @param publications the publications to read, where the plug-in knows them
/// @param start where the log begins for streams that are new
/// @param subsets what of a stream does not come through the log
/// @param facts what the position of each stream rests on
record RetainedLog(
    String slot,
    String plugin,
    List<String> publications,
    long start,
    Map<StreamName, PublishedSubset> subsets,
    Map<StreamName, StreamFacts> facts) {

  RetainedLog {
    publications = List.copyOf(publications);
    subsets = Map.copyOf(subsets);
    facts = Map.copyOf(facts);
  }
}
