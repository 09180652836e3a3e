package dev.tapline.source.postgres;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// Which packages of the source may know which.
final class PackagesTest {
  private static final String ROOT = "dev.tapline.source.postgres";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void packagesNeedEachOtherOneWay() {
    slices().matching("dev.tapline.source.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void sourceKnowsNothingOfTaplineButItsSpi() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("dev.tapline..")
                .or(resideInAnyPackage("dev.tapline.spi..", ROOT + "..")))
        .check(CLASSES);
  }

  @Test
  void connectionsKnowNothingOfWhatIsReadThroughThem() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".connection..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT + ".config..",
            ROOT + ".catalog..",
            ROOT + ".snapshot..",
            ROOT + ".incremental..",
            ROOT + ".replication..")
        .check(CLASSES);
  }

  @Test
  void scansKnowNothingOfReplication() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".catalog..", ROOT + ".snapshot..", ROOT + ".incremental..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".replication..", ROOT + ".preflight..")
        .check(CLASSES);
  }

  @Test
  void decodersAreChosenInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            ROOT + ".replication.pgoutput",
            ROOT + ".replication.wal2json",
            ROOT + ".replication.stream")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".replication.pgoutput", ROOT + ".replication.wal2json")
        .check(CLASSES);
  }

  @Test
  void onlyTheSshPackageKnowsJsch() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".connection.ssh")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.jcraft.jsch..")
        .check(CLASSES);
  }
}
