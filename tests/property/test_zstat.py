import collections, tests.property.test_ledger as t
from tests.property.test_ledger import *
counts=collections.Counter(); steps=collections.Counter()
orig=LedgerMachine._write
def w(self, commands):
    n=len(self.model.tokens)
    steps['writes']+=1
    orig(self, commands)
import tests.property.model as m
od=m.Model._decided
def d(self, command, given, now):
    r=od(self, command, given, now); 
    k=r[0]
    if k=='charged': k+= '0' if not r[3] else ('1' if len(r[3])==1 else 'N')
    if k=='held': k+= '0' if not r[4] else '+'
    if k=='corrected': k+= 'None' if r[1] is None else ('-' if r[2]<0 else '+')
    if k=='moved': k+='0' if not r[1] else '+'
    counts[type(command).__name__, k]+=1; return r
m.Model._decided=d
LedgerMachine._write=w
op=m.Model._post
def post(self,v,s,tg,a):
    counts['post',s+'>'+tg]+=1; op(self,v,s,tg,a)
m.Model._post=post
def test_z():
    print(steps)
    for k,v in sorted(counts.items()): print(k,v)
