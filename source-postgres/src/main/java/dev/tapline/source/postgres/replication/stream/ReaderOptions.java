package dev.tapline.source.postgres.replication.stream;

import dev.tapline.source.postgres.replication.publication.IdentityMonitor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How a [LogReader] reads.
///
/// @param heartbeat how often to write a message into the log, if at all
/// @param spool a folder for transactions that are still open
/// @param again whether the slot was read before, so that it may be our own old connection that the
///   server still takes for alive
/// @param fallback learns in which form the log must be requested
/// @param keepsRemoved whether rows of partitions that are removed or truncated stay in the copy
/// @param recopies receives the streams that must be copied anew
/// @param betweenLooks how often to look whether what the positions rest on is still true
/// @param identities looks for tables that have lost their replica identity
public record ReaderOptions(
    Optional<Duration> heartbeat,
    Path spool,
    boolean again,
    FormatFallback fallback,
    boolean keepsRemoved,
    RecopySchedule recopies,
    Duration betweenLooks,
    IdentityMonitor identities) {}
