using System.Diagnostics;
using System.Reflection;

namespace Orleans.Pipeline.Bench.Measuring;

/// <summary>Another process of this program, whose input and output are piped.</summary>
internal static class SecondProcess
{
    /// <summary>Starts one.</summary>
    /// <param name="arguments">Its arguments.</param>
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
