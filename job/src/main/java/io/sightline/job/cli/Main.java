package io.sightline.job.cli;

import io.sightline.checkpoint.safetensors.CheckpointException;
import io.sightline.graph.GraphException;
import io.sightline.job.run.Version;
import io.sightline.job.table.files.DirectoryClaimedException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * {@code sightline}. Exits with 0 if all went well, with 2 for wrong usage or configuration, with 1 for a run that failed; in the last two
 * cases one message on stderr says why, and {@code --verbose} adds the stack trace.
 */
@Command(
        name = "sightline",
        mixinStandardHelpOptions = true,
        versionProvider = Main.VersionLine.class,
        scope = ScopeType.INHERIT,
        description = "Interventions on language models, nnsight-style, at dataset scale on Apache Spark.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            TreeCommand.class,
            TraceCommand.class,
            GenerateCommand.class,
            SqlCommand.class,
            ProbeCommand.class,
            ReportCommand.class,
            CommandLine.HelpCommand.class
        },
        footer = {"", "Exit codes: 0 all went well, 2 wrong usage or configuration, 1 the run failed."})
public final class Main {
    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    private boolean verbose;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command line, ready to execute. */
    static CommandLine commandLine() {
        Main main = new Main();
        return new CommandLine(main)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::wrongUsage)
                .setExecutionExceptionHandler((e, command, parsed) -> main.failed(e, command.getErr()));
    }

    /** The version that a run's manifest and the report name. */
    static final class VersionLine implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"sightline " + Version.SIGHTLINE};
        }
    }

    private static int wrongUsage(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("sightline: " + reworded(String.valueOf(e.getMessage())));
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    /** Some of picocli's messages, as ours would be. */
    private static String reworded(String message) {
        return message.replaceFirst("^Error: ", "")
                .replaceFirst(
                        "Value for option option '(--[\\w-]+)' \\(.*?\\) should be in KEY=VALUE format but was (.*)",
                        "$1 takes KEY=VALUE, not '$2'")
                .replaceFirst(
                        "(--[\\w-]+), (--[\\w-]+) are mutually exclusive \\(specify only one\\)",
                        "$1 and $2 exclude each other; give one of them");
    }

    private int failed(Exception e, PrintWriter err) {
        err.println("sightline: " + message(e));
        if (verbose) {
            e.printStackTrace(err);
        }
        err.flush();
        // UsageException and ConfigException are IllegalArgumentExceptions.
        boolean refused = e instanceof IllegalArgumentException
                || e instanceof DirectoryClaimedException
                || e instanceof CheckpointException
                || e instanceof GraphException;
        return refused ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    /** What to tell about a failure. */
    static String message(Throwable e) {
        if (e instanceof FileSystemException file) {
            return FileProblems.message(file);
        }
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }
}
