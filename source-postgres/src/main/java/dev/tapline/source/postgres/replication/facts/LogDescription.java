package dev.tapline.source.postgres.replication.facts;

import java.util.List;

/// The log that positions are in, and how it is read.
///
/// @param server whose
/// @param slot through which slot
/// @param plugin by which output plug-in
/// @param format in which format of wal2json
/// @param publications the publications, if the plug-in uses them
public record LogDescription(
    ServerIdentity server, String slot, String plugin, String format, List<String> publications) {
  public LogDescription {
    publications = List.copyOf(publications);
  }

  boolean goesByPublication() {
    return plugin.equals("pgoutput");
  }
}
