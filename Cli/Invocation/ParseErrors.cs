using System.CommandLine;
using System.CommandLine.Parsing;
using Orleans.Pipeline.Settings;

namespace Orleans.Pipeline.Cli.Invocation;

/// <summary>Reports the errors of a command line, and suggests the probable intention.</summary>
internal static class ParseErrors
{
    public static void Write(ParseResult result, TextWriter errors)
    {
        var command = result.CommandResult.Command;
        if (result.UnmatchedTokens is [var unknown, ..])
        {
            errors.WriteLine(Unknown(command, result.CommandResult, unknown));
        }
        else
        {
            foreach (var error in result.Errors)
            {
                errors.WriteLine(error.SymbolResult is CommandResult && command.Subcommands.Count > 0
                    ? $"'{PathOf(result.CommandResult)}' needs a command: {string.Join(", ", NamesOf(command.Subcommands))}."
                    : MessageOf(error).ReplaceLineEndings(" "));
            }
        }

        errors.WriteLine($"See: {PathOf(result.CommandResult)} --help");
    }

    /// <summary>The message with the option's name in front; the parser's own errors name a type of .NET instead.</summary>
    private static string MessageOf(ParseError error)
    {
        if (error.SymbolResult is not OptionResult { Option: var option } given)
        {
            return error.Message;
        }

        var message = error.Message.Contains("expected type", StringComparison.Ordinal)
            ? $"'{string.Join(' ', given.Tokens.Select(token => token.Value))}' is not a value of this option. Give {option.HelpName ?? "true or false"}."
            : error.Message;
        return message.Contains(option.Name, StringComparison.Ordinal) ? message : $"{option.Name}: {message}";
    }

    private static string Unknown(Command command, CommandResult result, string unknown)
    {
        var isOption = unknown.StartsWith('-');
        var known = isOption ? OptionsOf(result) : NamesOf(command.Subcommands);
        var fault = isOption
            ? $"'{PathOf(result)}' has no option {unknown}."
            : command.Subcommands.Count > 0
                ? $"'{PathOf(result)}' has no command '{unknown}'."
                : $"'{PathOf(result)}' does not take '{unknown}'.";
        return Similar.To(unknown, known) is { } meant ? $"{fault} Did you mean {meant}?" : fault;
    }

    private static IEnumerable<string> NamesOf(IEnumerable<Symbol> symbols) =>
        symbols.Where(symbol => !symbol.Hidden).Select(symbol => symbol.Name);

    private static IEnumerable<string> OptionsOf(CommandResult result)
    {
        var own = result.Command.Options.AsEnumerable();
        for (var above = result.Parent as CommandResult; above is not null; above = above.Parent as CommandResult)
        {
            own = own.Concat(above.Command.Options.Where(option => option.Recursive));
        }

        return NamesOf(own);
    }

    private static string PathOf(CommandResult result) => result.Parent is CommandResult above
        ? $"{PathOf(above)} {result.Command.Name}"
        : PipelineTool.Name;
}
