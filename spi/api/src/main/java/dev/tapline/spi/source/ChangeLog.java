package dev.tapline.spi.source;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// The capability of a source to bring the changes of many streams in the order in which they were
/// committed.
///
/// The order of calls is what makes snapshot and log meet: [#retain] first, so that the log keeps
/// what happens from now on; then, for streams that are new, a [Snapshot] with [#positionUnder] and
/// the scans; at last [#follow]. A change that the snapshot has seen already is not brought by the
/// log again, and none is left out in between.
public interface ChangeLog {
  /// Makes sure that the log keeps what these streams need from now on, and that what streams with
  /// a position still need is there. What is missing of a log it creates, when the configuration
  /// allows.
  ///
  /// @param streams what is to be followed; new streams with [Position#START]
  /// @param absent other streams of the pipeline, which this run leaves out or which have failed in
  ///   it: what they need from where they were left stays as it is, and what is wrong with them is
  ///   not told
  /// @return the streams whose position means nothing any more, with the reason: the table was made
  ///   anew, for example. They must be copied anew
  /// @throws StreamException if one of `streams` cannot be followed, with others of which the same
  ///   is true as its [suppressed ones][StreamException#all]; the call may be repeated without them
  /// @throws dev.tapline.spi.TransientException if it is worth trying again
  /// @throws IOException if the log cannot be read from where a stream was left, with the reason
  ///   and the remedy: a gap is never passed over in silence
  Map<StreamName, String> retain(List<StreamPosition> streams, List<StreamPosition> absent)
      throws IOException, InterruptedException;

  /// The place in the log from which a stream goes on when its table was scanned under a snapshot.
  ///
  /// @param snapshot an open snapshot, opened after [#retain]
  Position positionUnder(Snapshot snapshot, Stream stream) throws IOException, InterruptedException;

  /// Plans the splits, of mode [dev.tapline.spi.sink.WriteMode#APPEND], that follow the changes of
  /// the streams: one for each log of the source, usually one a database.
  ///
  /// @param streams what to follow, each from where it was left; none at the start
  /// @param absent other streams of the pipeline that this run leaves out: what they need from
  ///   where they were left must be kept
  /// @param extent where the splits end
  List<Split> follow(List<StreamPosition> streams, List<StreamPosition> absent, Extent extent)
      throws IOException, InterruptedException;

  /// Where a split of a log ends.
  enum Extent {
    /// At the end of the log as of the moment when the split was planned.
    UNTIL_NOW,
    /// Never, until it is stopped.
    CONTINUOUS
  }
}
