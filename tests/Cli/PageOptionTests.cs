using System.CommandLine;
using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Cli.Tests;

/// <summary>What the pages of the project say of the command line, beside the page that is its own.</summary>
public sealed partial class PageOptionTests
{
    public static TheoryData<string> Pages => [.. Directory.GetFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories)
        .Append(Repository.PathOf("README.md"))
        .Select(page => Path.GetRelativePath(Repository.PathOf(), page))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_names_no_option_that_its_command_does_not_have(string page)
    {
        foreach (Match call in Calls().Matches(File.ReadAllText(Repository.PathOf(page))))
        {
            Command command = PipelineTool.Root();
            var known = command.Options.ToList();
            foreach (var word in call.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (command.Subcommands.FirstOrDefault(subcommand => subcommand.Name == word) is not { } next)
                {
                    break;
                }

                command = next;
                known.AddRange(command.Options);
            }

            if (command is RootCommand)
            {
                continue; // another program's
            }

            var names = known.SelectMany(option => option.Aliases.Append(option.Name)).ToHashSet(StringComparer.Ordinal);
            foreach (var option in Options().Matches(call.Value).Select(option => option.Groups[1].Value))
            {
                Assert.True(names.Contains(option), $"{page} says '{call.Value}', but '{command.Name}' has no option {option}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_promises_no_state_that_is_not_there(string page) =>
        Assert.DoesNotContain("keyed state", File.ReadAllText(Repository.PathOf(page)), StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"(?<![\w/.-])pipeline (?<words>(?:[a-z][a-z-]* )*)[^`\n|]*")]
    private static partial Regex Calls();

    [GeneratedRegex(@"(?<=\s)(--[a-z][a-z-]*)")]
    private static partial Regex Options();
}
