using System.Diagnostics;
using System.Reflection;

namespace Orleans.Pipeline.Bench.Measuring;

/// <summary>Starts another process of this program, with piped input and output.</summary>
internal static class SecondProcess
{
    /// <param name="arguments">The arguments of the process.</param>
    /// <param name="environment">Environment variables in addition to this process's.</param>
    public static Process Start(IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(Assembly.GetEntryAssembly()!.Location);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
