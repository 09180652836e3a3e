package dev.tapline.spi;

import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.ConfigSpec;
import java.util.List;

/// The entry of a plug-in, found by [java.util.ServiceLoader].
///
/// A provider has a public constructor without parameters, holds no state and does no I/O: it is
/// created to list plug-ins, to check a descriptor and to describe keys, often without a run. Its
/// methods may be called from any thread.
public interface Provider {
  /// The name that a descriptor gives as `type:` (or, of a method, as `method:`). Sources and sinks
  /// use lower case with hyphens (`jsonl`), methods upper case with underscores (`FULL_TABLE`). No
  /// two plug-ins of one kind may have one name.
  String name();

  /// What people may write in place of the name, since other tools call it so: such a name is
  /// refused as any that is not known, and the message says which plug-in it stands for. In lower
  /// case, with hyphens.
  default List<String> calledElsewhere() {
    return List.of();
  }

  /// One sentence for `runtime plugins`.
  String description();

  /// The keys that may stand in the descriptor's section of this plug-in.
  ConfigSpec config();

  /// What is wrong with `config` beyond what its keys declare each for itself: values that exclude
  /// each other, a port inside a host. It is called before any I/O, and does none beyond reading
  /// small local files that say more of the same.
  ///
  /// @param config values that have passed [#config()]
  /// @return problems, each naming the key it is about; empty when all is well
  default List<ConfigProblem> validate(Config config) {
    return List.of();
  }
}
