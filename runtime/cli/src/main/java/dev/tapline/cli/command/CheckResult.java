package dev.tapline.cli.command;

import dev.tapline.cli.logging.Secrets;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Finding.Severity;

/// A finding as it is shown: in words, secrets masked.
///
/// @param severity how much it matters
/// @param subject what was looked at
/// @param message what is so
/// @param remedy what to do; empty when there is nothing to do
record CheckResult(Severity severity, String subject, String message, String remedy) {
  /// @param withDatabase whether streams are called with their database
  static CheckResult of(Finding finding, boolean withDatabase) {
    return new CheckResult(
        finding.severity(),
        Secrets.mask(finding.subject().label(withDatabase)),
        Secrets.mask(finding.message()),
        Secrets.mask(finding.remedy()));
  }
}
