package io.sightline.job.cli;

import io.sightline.checkpoint.safetensors.CheckpointException;
import io.sightline.graph.GraphException;
import java.io.PrintWriter;
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
        version = "sightline 0.1.0",
        scope = ScopeType.INHERIT,
        description = "Interventions on language models, nnsight-style, at dataset scale on Apache Spark.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RunCommand.class, TreeCommand.class, CommandLine.HelpCommand.class},
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

    private static int wrongUsage(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("sightline: " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    private int failed(Exception e, PrintWriter err) {
        err.println("sightline: " + message(e));
        if (verbose) {
            e.printStackTrace(err);
        }
        err.flush();
        boolean refused = e instanceof UsageException
                || e instanceof IllegalArgumentException
                || e instanceof CheckpointException
                || e instanceof GraphException;
        return refused ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    private static String message(Exception e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }
}
